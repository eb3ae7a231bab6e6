import { Unavailable } from "#kernel/unavailable.ts";
import type { Statement } from "./database.ts";
import { classifyError } from "./errors.ts";
import { openPool, type PooledConnection } from "./pool.ts";

/** Reads results of any length in constant memory, each as of one moment. */
export interface Snapshots {
  /**
   * Yields the rows of a `select` in batches of at most 1,000, all of one snapshot. Opens a connection at the first
   * batch and keeps it until the last one, or until the reader returns; then the connection is free again.
   *
   * Throws Unavailable: when both connections are in use, when the database is away, when a batch takes longer than
   * 30 s, and when the whole reading takes longer than 10 minutes.
   */
  read<Row>(statement: Statement): AsyncGenerator<readonly Row[], void, undefined>;
  /** Waits for the readings that run, and closes the connections. */
  close(): Promise<void>;
}

export interface SnapshotOptions {
  readonly url: string;
  /** Time of a whole reading: 10 minutes, because the snapshot keeps VACUUM from removing rows for so long. */
  readonly readWithinMs?: number;
}

const rowsABatch = 1_000;

/** Connections of their own, so that no reading takes one from the sale. */
const connectionsMax = 2;
const batchWithinMs = 30_000;
/** Longer than a stream waits for its client, who takes a batch within 30 s. */
const idleWithinMs = 60_000;
const readWithinMs = 600_000;

const asUnavailable = (error: unknown, connection: PooledConnection): unknown =>
  connection.isDestroyed() || classifyError(error) !== "permanent"
    ? new Unavailable("a long reading was broken off", { cause: error })
    : error;

const begin = async (
  { client, session }: PooledConnection,
  { text, values = [] }: Statement,
): Promise<void> => {
  await client.query(session.begin);
  await client.query("set transaction isolation level repeatable read, read only");
  await client.query(`declare reading no scroll cursor for ${text}`, [...values]);
};

/** Snapshots in PostgreSQL: a cursor in a REPEATABLE READ transaction. Opens its pool at once, and connections when they are needed. */
export const openSnapshots = (options: SnapshotOptions): Snapshots => {
  const pool = openPool({
    url: options.url,
    applicationName: "frontrow-export",
    connectionsMax,
    waitingMax: connectionsMax,
    statementTimeoutMs: batchWithinMs,
    idleInTransactionMs: idleWithinMs,
    queryTimeoutMs: options.readWithinMs ?? readWithinMs,
  });
  return {
    async *read<Row>(statement: Statement) {
      const connection = await pool.acquire();
      let isWhole = false;
      try {
        await begin(connection, statement);
        for (let isLast = false; !isLast;) {
          const { rows } = await connection.client.query(`fetch ${rowsABatch} from reading`);
          isLast = rows.length < rowsABatch;
          if (rows.length > 0) yield rows as readonly Row[];
        }
        await connection.client.query("commit");
        isWhole = true;
      } catch (error) {
        throw asUnavailable(error, connection);
      } finally {
        // Closing the connection ends the transaction, also when the reader returned in the middle.
        if (!isWhole) connection.destroy();
        connection.release();
      }
    },
    close: () => pool.close(),
  };
};
