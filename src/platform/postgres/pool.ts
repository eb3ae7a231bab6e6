import pg from "pg";
import { Unavailable } from "#kernel/unavailable.ts";
import { classifyError } from "./errors.ts";
import { openSession, type Session, type SessionSettings } from "./session.ts";
import { typeParsers } from "./type-parsers.ts";

export interface PoolOptions {
  readonly url: string;
  readonly connectionsMax?: number;
  readonly applicationName?: string;
  /** The server cancels a statement that runs longer. */
  readonly statementTimeoutMs?: number;
  /** The server cancels a statement that waits longer for a lock. */
  readonly lockTimeoutMs?: number;
  /** The server ends a session that is idle in a transaction for longer. */
  readonly idleInTransactionMs?: number;
  /** The limit of the wait for a connection. */
  readonly acquireTimeoutMs?: number;
  /** The limit of a whole call, a statement or a transaction; then its connection is destroyed. */
  readonly queryTimeoutMs?: number;
  /** Callers that wait for a connection; one more is refused at once. */
  readonly waitingMax?: number;
}

/** A connection for one call. */
export interface PooledConnection {
  readonly client: pg.PoolClient;
  readonly session: Session;
  isDestroyed(): boolean;
  /** Closes the socket at once; every statement in flight on it fails. */
  destroy(): void;
  /** Returns the connection to the pool; a destroyed one is removed from it. */
  release(): void;
}

export interface Pool {
  /**
   * Waits at most `acquireTimeoutMs`; throws Unavailable. The connection destroys itself when the time of
   * the call is over: after `withinMs`, else after `queryTimeoutMs`.
   */
  acquire(withinMs?: number): Promise<PooledConnection>;
  usage(): { open: number; busy: number; waiting: number };
  close(): Promise<void>;
}

const closeGraceMs = 1000;

/** `end` would wait forever for a frozen server, so this closes the socket. */
const destroySocket = (client: pg.ClientBase): void => {
  const { connection } = client as unknown as { connection?: { stream?: { destroy(): void } } };
  connection?.stream?.destroy();
};

const settingsOf = (options: PoolOptions): SessionSettings => ({
  statement_timeout: String(options.statementTimeoutMs ?? 2000),
  lock_timeout: String(options.lockTimeoutMs ?? 1500),
  idle_in_transaction_session_timeout: String(options.idleInTransactionMs ?? 3000),
  timezone: "UTC",
  datestyle: "ISO",
  default_transaction_isolation: "read committed",
});

/** A connection that is checked out. Its session opens with its first use, within the time of that call. */
const checkOut = (client: pg.PoolClient, timeLeftMs: number) => {
  let destroyed = false;
  const destroy = (): void => {
    if (destroyed) return;
    destroyed = true;
    destroySocket(client);
  };
  // Node keeps a list of timers for each number of ms, and would make one for each call.
  const timer = setTimeout(destroy, Math.max(1, Math.ceil(timeLeftMs)));
  return {
    client,
    isDestroyed: () => destroyed,
    destroy,
    release() {
      clearTimeout(timer);
      client.release(destroyed);
    },
  };
};

/** Opens a pool that bounds connections, waiting callers, and the time of each wait and call. */
export const openPool = (options: PoolOptions): Pool => {
  const acquireTimeoutMs = options.acquireTimeoutMs ?? 1000;
  const queryTimeoutMs = options.queryTimeoutMs ?? 2500;
  const waitingMax = options.waitingMax ?? 1000;
  const settings = settingsOf(options);
  const open = new Set<pg.ClientBase>();
  const sessions = new WeakMap<pg.ClientBase, Session>();
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connectionsMax ?? 10,
    application_name: options.applicationName ?? "frontrow",
    connectionTimeoutMillis: acquireTimeoutMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    types: typeParsers,
    pipeline: true,
  });
  pool.on("connect", (client) => {
    open.add(client);
    // Without a listener Node throws. The caller learns of the lost connection from its next statement.
    client.on("error", () => {});
  });
  pool.on("remove", (client) => open.delete(client));
  // The pool removes an idle connection that fails; no caller is affected.
  pool.on("error", () => {});

  return {
    async acquire(withinMs = queryTimeoutMs) {
      if (pool.waitingCount >= waitingMax) {
        throw new Unavailable("too many callers wait for the database");
      }
      const startedAtMs = performance.now();
      let client: pg.PoolClient;
      try {
        client = await pool.connect();
      } catch (error) {
        // Whatever the server says, such as of a changed password, it says it of itself.
        if (!(error instanceof pg.DatabaseError) && classifyError(error) === "permanent")
          throw error;
        throw new Unavailable("no connection to the database", { cause: error });
      }
      const connection = checkOut(client, withinMs - (performance.now() - startedAtMs));
      try {
        const session = sessions.get(client) ?? (await openSession(client, settings));
        sessions.set(client, session);
        return { ...connection, session };
      } catch (error) {
        connection.destroy();
        connection.release();
        throw new Unavailable("no session of the database", { cause: error });
      }
    },
    usage: () => ({
      open: pool.totalCount,
      busy: pool.totalCount - pool.idleCount,
      waiting: pool.waitingCount,
    }),
    async close() {
      if (pool.ended || pool.ending) return;
      const timer = setTimeout(() => {
        for (const client of open) destroySocket(client);
      }, queryTimeoutMs + closeGraceMs);
      await pool.end();
      clearTimeout(timer);
    },
  };
};
