import pg from "pg";
import { Unavailable } from "#kernel/unavailable.ts";
import { openPool, type PooledConnection, type PoolOptions } from "./pool.ts";
import { CommitUnknown, classifyError } from "./errors.ts";

export { CommitUnknown } from "./errors.ts";

export interface Statement {
  /** A named statement is prepared once a connection. One name always has the same text. */
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

/**
 * Types of the columns: int8 → number (a safe integer, else it throws), numeric → string, timestamptz →
 * epoch ms, date → "YYYY-MM-DD", jsonb → parsed value.
 *
 * Throws:
 * - Unavailable when the database cannot be reached, is too slow, or refuses for now (timeout, deadlock, no
 *   resources, shutting down),
 * - CommitUnknown, a subclass of Unavailable, when the effect is unknown,
 * - any other error as `pg.DatabaseError` with `code` and `constraint`.
 */
export interface Queryable {
  query<Row>(statement: Statement): Promise<Row[]>;
}

export interface Database extends Queryable {
  /**
   * Runs the work between BEGIN and COMMIT on one connection, READ COMMITTED. When the work throws, the
   * transaction rolls back and the error is thrown. The call takes at most `queryTimeoutMs`, with the wait
   * for a connection: then the connection is destroyed, the server rolls back, and it throws Unavailable.
   *
   * With `withinMs` the call, each of its statements, and the work between two of them, may take that long instead.
   */
  transaction<T>(
    work: (tx: Queryable) => Promise<T>,
    options?: { readonly withinMs: number },
  ): Promise<T>;
  /** Open connections, connections in use, and callers that wait for one. */
  usage(): { open: number; busy: number; waiting: number };
  /** Waits for the calls in flight, which their timeouts bound, and closes all connections. */
  close(): Promise<void>;
}

type Rows<Row> = { readonly rows: Row[]; readonly command: string };

/** A pooler may run the next use of a prepared statement in a session that does not have it. */
const send = async <Row>(
  { client, session }: PooledConnection,
  { name, text, values }: Statement,
): Promise<Rows<Row>> => {
  const result = await client.query({
    text,
    ...(name === undefined || session.isPooled ? {} : { name }),
    ...(values === undefined ? {} : { values: values as unknown[] }),
  });
  return { rows: result.rows as Row[], command: result.command };
};

/** Returns the error that the port promises. Destroys the connection when it is lost. */
const portErrorOf = (error: unknown, connection: PooledConnection): unknown => {
  const kind = connection.isDestroyed() ? "connection-lost" : classifyError(error);
  if (kind === "permanent") return error;
  if (kind === "connection-lost") connection.destroy();
  return new Unavailable(
    kind === "connection-lost"
      ? "the connection to the database is lost"
      : "the database refuses for now",
    { cause: error },
  );
};

/** A select changes nothing even when BEGIN has failed, so it is sent together with BEGIN. */
const isSentWithBegin = /^\s*select\b/i;

const isAbortedTransaction = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.code === "25P02";

const runTransaction = async <T>(
  connection: PooledConnection,
  work: (tx: Queryable) => Promise<T>,
): Promise<T> => {
  let begun: Promise<unknown> | undefined;
  /** The first error. The statements sent after it fail only because the transaction is aborted. */
  let cause: unknown;
  const tx: Queryable = {
    async query<Row>(statement: Statement): Promise<Row[]> {
      try {
        if (begun === undefined) {
          begun = connection.client.query(connection.session.begin);
          if (!isSentWithBegin.test(statement.text)) await begun;
          const [answer] = await Promise.all([send<Row>(connection, statement), begun]);
          return answer.rows;
        }
        return (await send<Row>(connection, statement)).rows;
      } catch (error) {
        const portError = portErrorOf(error, connection);
        if (!isAbortedTransaction(error)) cause ??= portError;
        throw portError;
      }
    },
  };
  let outcome: T;
  try {
    outcome = await work(tx);
  } catch (error) {
    // The server answers ROLLBACK after every earlier statement, so `cause` is set by then.
    if (begun !== undefined) await rollBack(connection);
    throw isAbortedTransaction(error) ? (cause ?? error) : error;
  }
  if (begun !== undefined) await commit(connection);
  return outcome;
};

const rollBack = async (connection: PooledConnection): Promise<void> => {
  if (connection.isDestroyed()) return;
  try {
    await connection.client.query("rollback");
  } catch {
    connection.destroy();
  }
};

const commit = async (connection: PooledConnection): Promise<void> => {
  if (connection.isDestroyed()) throw new Unavailable("the connection to the database is lost");
  let command: string;
  try {
    ({ command } = await send(connection, { text: "commit" }));
  } catch (error) {
    if (connection.isDestroyed() || classifyError(error) === "connection-lost") {
      connection.destroy();
      throw new CommitUnknown(error);
    }
    // The server has refused the commit and rolled back.
    throw portErrorOf(error, connection);
  }
  // The server answers COMMIT of an aborted transaction with ROLLBACK: the work has ignored an error.
  if (command !== "COMMIT") throw new Error("the transaction had failed before its commit");
};

/**
 * Sends one statement. Behind a pooler it goes in a transaction of its own, which has the settings; its three
 * messages are sent together and take one round trip.
 */
const sendAlone = async <Row>(
  connection: PooledConnection,
  statement: Statement,
): Promise<Rows<Row>> => {
  const { client, session } = connection;
  if (!session.isPooled) return send<Row>(connection, statement);
  const [begun, sent, committed] = await Promise.allSettled([
    client.query(session.begin),
    send<Row>(connection, statement),
    client.query("commit"),
  ]);
  // A statement whose BEGIN has failed may have run by itself.
  if (begun.status === "rejected") throw new CommitUnknown(begun.reason);
  if (sent.status === "rejected") throw sent.reason;
  if (committed.status === "rejected") throw committed.reason;
  return sent.value;
};

/** Opens a pool and returns at once; connections open when they are needed. */
export const openDatabase = (options: PoolOptions): Database => {
  const pool = openPool(options);

  return {
    async query<Row>(statement: Statement): Promise<Row[]> {
      const connection = await pool.acquire();
      try {
        return (await sendAlone<Row>(connection, statement)).rows;
      } catch (error) {
        const portError = portErrorOf(error, connection);
        throw connection.isDestroyed() ? new CommitUnknown(error) : portError;
      } finally {
        connection.release();
      }
    },
    async transaction(work, options) {
      const connection = await pool.acquire(options?.withinMs);
      try {
        if (options === undefined) return await runTransaction(connection, work);
        return await runTransaction(connection, async (tx) => {
          const values = [`${options.withinMs}ms`];
          const settings = ["statement_timeout", "idle_in_transaction_session_timeout"];
          const calls = settings.map((name) => `set_config('${name}', $1, true)`);
          await tx.query({ text: `select ${calls.join(", ")}`, values });
          return work(tx);
        });
      } finally {
        connection.release();
      }
    },
    usage: () => pool.usage(),
    close: () => pool.close(),
  };
};
