import pg from "pg";
import { Unavailable } from "#kernel/unavailable.ts";
import { judgeTrouble } from "./trouble.ts";
import { valueTypes } from "./values.ts";

export interface PoolOptions {
  readonly url: string;
  readonly connectionsMax?: number;
  readonly applicationName?: string;
  /** The server ends a statement that runs longer. */
  readonly statementTimeoutMs?: number;
  /** The server ends a statement that waits longer for a lock. */
  readonly lockTimeoutMs?: number;
  /** The server ends a session that sits longer in a transaction without a word from us. */
  readonly idleInTransactionMs?: number;
  /** For a free connection, or a new one to be made. */
  readonly acquireTimeoutMs?: number;
  /** For a whole call, a statement or a transaction, as seen from here: then its connection is destroyed. */
  readonly queryTimeoutMs?: number;
  /** Callers that may wait for a connection; one more is refused at once. */
  readonly waitingMax?: number;
}

/** A connection for one call. */
export interface Lease {
  readonly client: pg.PoolClient;
  /** Whether the connection is known to be unusable. */
  isSpoilt(): boolean;
  /** Destroys the connection now; whatever waits on it fails. */
  spoil(): void;
  /** Gives the connection back, or away when it is spoilt. */
  release(): void;
}

export interface Pool {
  /** Waits at most `acquireTimeoutMs`; the lease spoils by itself when the call's time is over. */
  acquire(): Promise<Lease>;
  usage(): { open: number; busy: number; waiting: number };
  close(): Promise<void>;
}

const closeGraceMs = 1000;

/** `end` of a frozen server's connection would wait for ever, so the socket itself is cut. */
const cut = (client: pg.ClientBase): void => {
  const { connection } = client as unknown as { connection?: { stream?: { destroy(): void } } };
  connection?.stream?.destroy();
};

const sessionOptions = (options: PoolOptions): string =>
  [
    `statement_timeout=${options.statementTimeoutMs ?? 2000}`,
    `lock_timeout=${options.lockTimeoutMs ?? 1500}`,
    `idle_in_transaction_session_timeout=${options.idleInTransactionMs ?? 3000}`,
    "timezone=UTC",
    "datestyle=ISO",
    "default_transaction_isolation=read\\ committed",
  ]
    .map((setting) => `-c ${setting}`)
    .join(" ");

const leaseOf = (client: pg.PoolClient, timeLeftMs: number): Lease => {
  let spoilt = false;
  const spoil = (): void => {
    if (spoilt) return;
    spoilt = true;
    cut(client);
  };
  const timer = setTimeout(spoil, Math.max(1, timeLeftMs));
  return {
    client,
    isSpoilt: () => spoilt,
    spoil,
    release() {
      clearTimeout(timer);
      client.release(spoilt);
    },
  };
};

/** A bounded pool: of connections, of callers waiting for one, and of the time that either may take. */
export const openPool = (options: PoolOptions): Pool => {
  const acquireTimeoutMs = options.acquireTimeoutMs ?? 1000;
  const queryTimeoutMs = options.queryTimeoutMs ?? 2500;
  const waitingMax = options.waitingMax ?? 1000;
  const open = new Set<pg.ClientBase>();
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connectionsMax ?? 10,
    application_name: options.applicationName ?? "frontrow",
    connectionTimeoutMillis: acquireTimeoutMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    options: sessionOptions(options),
    types: valueTypes,
    pipeline: true,
  });
  pool.on("connect", (client) => {
    open.add(client);
    // A connection that dies while a caller has it between two statements tells so by this event; the
    // caller learns it from its next statement.
    client.on("error", () => {});
  });
  pool.on("remove", (client) => open.delete(client));
  // A connection that dies while idle is dropped by the pool; there is nobody to tell.
  pool.on("error", () => {});

  return {
    async acquire() {
      if (pool.waitingCount >= waitingMax) {
        throw new Unavailable("too many callers wait for the database");
      }
      const startedAtMs = performance.now();
      let client: pg.PoolClient;
      try {
        client = await pool.connect();
      } catch (error) {
        if (judgeTrouble(error) === "plain") throw error;
        throw new Unavailable("no connection to the database", { cause: error });
      }
      return leaseOf(client, queryTimeoutMs - (performance.now() - startedAtMs));
    },
    usage: () => ({
      open: pool.totalCount,
      busy: pool.totalCount - pool.idleCount,
      waiting: pool.waitingCount,
    }),
    async close() {
      if (pool.ended || pool.ending) return;
      const timer = setTimeout(() => {
        for (const client of open) cut(client);
      }, queryTimeoutMs + closeGraceMs);
      await pool.end();
      clearTimeout(timer);
    },
  };
};
