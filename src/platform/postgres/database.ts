import pg from "pg";
import { Unavailable } from "#kernel/unavailable.ts";
import { openPool, type Lease, type PoolOptions } from "./pool.ts";
import { CommitUnknown, judgeTrouble } from "./trouble.ts";

export { CommitUnknown } from "./trouble.ts";

export interface Statement {
  /** Prepared once a connection when given; one name always has the same text. */
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

/**
 * Rows come as int8 → number (checked to be a safe integer), numeric → string, timestamptz → epoch ms,
 * date → "YYYY-MM-DD", jsonb → parsed value.
 *
 * Throws Unavailable when the database is away, too slow or refuses for now (timeouts, deadlock, no
 * resources, shutting down); CommitUnknown, which is one too, when the effect is unknown; other errors
 * pass through as `pg.DatabaseError` with `code` and `constraint`.
 */
export interface Queryable {
  query<Row>(statement: Statement): Promise<Row[]>;
}

export interface Database extends Queryable {
  /**
   * Runs the work between BEGIN and COMMIT on one connection; whatever it throws rolls back and is
   * thrown on. READ COMMITTED. The whole, waiting for a connection included, takes at most
   * `queryTimeoutMs`: then the connection is destroyed, the server rolls back, and Unavailable is thrown.
   */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** Connections that are open, in use, and callers that wait for one. */
  usage(): { open: number; busy: number; waiting: number };
  /** Lets calls in flight end (bounded by their timeouts) and closes all connections. */
  close(): Promise<void>;
}

type Rows<Row> = { readonly rows: Row[]; readonly command: string };

const send = async <Row>(client: pg.PoolClient, statement: Statement): Promise<Rows<Row>> => {
  const { name, text, values } = statement;
  const result = await client.query({
    text,
    ...(name === undefined ? {} : { name }),
    ...(values === undefined ? {} : { values: values as unknown[] }),
  });
  return { rows: result.rows as Row[], command: result.command };
};

/** The error as the port tells it; marks the connection as spoilt when it is lost. */
const asTrouble = (error: unknown, lease: Lease): unknown => {
  const kind = lease.isSpoilt() ? "lost" : judgeTrouble(error);
  if (kind === "plain") return error;
  if (kind === "lost") lease.spoil();
  return new Unavailable(
    kind === "lost" ? "the connection to the database is lost" : "the database refuses for now",
    { cause: error },
  );
};

/** Reading first and locking changes nothing when BEGIN has failed: such a statement need not wait for it. */
const mayGoWithBegin = /^\s*select\b/i;

const saysAborted = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.code === "25P02";

const runTransaction = async <T>(lease: Lease, work: (tx: Queryable) => Promise<T>): Promise<T> => {
  let begun: Promise<unknown> | undefined;
  /** What failed first: the statements sent behind it only say that the transaction is aborted. */
  let cause: unknown;
  const tx: Queryable = {
    async query<Row>(statement: Statement): Promise<Row[]> {
      try {
        if (begun === undefined) {
          begun = lease.client.query("begin");
          if (!mayGoWithBegin.test(statement.text)) await begun;
          const [answer] = await Promise.all([send<Row>(lease.client, statement), begun]);
          return answer.rows;
        }
        return (await send<Row>(lease.client, statement)).rows;
      } catch (error) {
        const trouble = asTrouble(error, lease);
        if (!saysAborted(error)) cause ??= trouble;
        throw trouble;
      }
    },
  };
  let outcome: T;
  try {
    outcome = await work(tx);
  } catch (error) {
    // The rollback is answered after every statement before it, so the cause is known by then.
    if (begun !== undefined) await rollBack(lease);
    throw saysAborted(error) ? (cause ?? error) : error;
  }
  if (begun !== undefined) await commit(lease);
  return outcome;
};

const rollBack = async (lease: Lease): Promise<void> => {
  if (lease.isSpoilt()) return;
  try {
    await lease.client.query("rollback");
  } catch {
    lease.spoil();
  }
};

const commit = async (lease: Lease): Promise<void> => {
  if (lease.isSpoilt()) throw new Unavailable("the connection to the database is lost");
  let command: string;
  try {
    ({ command } = await send(lease.client, { text: "commit" }));
  } catch (error) {
    if (lease.isSpoilt() || judgeTrouble(error) === "lost") {
      lease.spoil();
      throw new CommitUnknown(error);
    }
    // The server has said no, and rolled back.
    throw asTrouble(error, lease);
  }
  // COMMIT of a failed transaction succeeds as ROLLBACK: the work has swallowed an error.
  if (command !== "COMMIT") throw new Error("the transaction had failed before its commit");
};

/** Opens a pool and returns at once; connections are made when they are needed. */
export const openDatabase = (options: PoolOptions): Database => {
  const pool = openPool(options);

  return {
    async query<Row>(statement: Statement): Promise<Row[]> {
      const lease = await pool.acquire();
      try {
        return (await send<Row>(lease.client, statement)).rows;
      } catch (error) {
        const trouble = asTrouble(error, lease);
        throw lease.isSpoilt() ? new CommitUnknown(error) : trouble;
      } finally {
        lease.release();
      }
    },
    async transaction(work) {
      const lease = await pool.acquire();
      try {
        return await runTransaction(lease, work);
      } finally {
        lease.release();
      }
    },
    usage: () => pool.usage(),
    close: () => pool.close(),
  };
};
