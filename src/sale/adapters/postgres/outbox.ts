import type { ConcertId, UserId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { Database, Queryable } from "#platform/postgres/database.ts";
import type { News } from "../../domain/batch-state.ts";
import type { QueueEvents } from "../../ports/queue-gate.ts";
import { plainArray } from "./arrays.ts";

interface Row {
  readonly outbox_id: number;
  readonly topic: News["topic"];
  readonly concert_id: ConcertId;
  readonly user_id: UserId;
  readonly content: News["content"];
}

/** The row's topic says what its content is: they were written together. */
const toNews = (row: Row): News =>
  ({
    topic: row.topic,
    concertId: row.concert_id,
    userId: row.user_id,
    content: row.content,
  }) as News;

/** The queue, and what it is known to have heard already. */
export interface Listener {
  readonly queue: QueueEvents;
  hasHeard(news: News): boolean;
}

/** Rows in one round: the more, the longer the worker's transaction is open. */
const rowsMax = 500;
/** Any number; whoever delivers holds it. */
const deliveryLock = 7_203_415_986;

const tell = (queue: QueueEvents, { topic, content, concertId, userId }: News): Promise<void> => {
  const whose = { concertId, userId };
  switch (topic) {
    case "hold-carried":
      return queue.holdCarried({ ...whose, ...content });
    case "hold-cleared":
      return queue.holdCleared({ ...whose, ...content });
    case "place-ended":
      return queue.placeEnded({ ...whose, ...content });
  }
};

/** One buyer's rows in their order; the first that is refused keeps the later ones back. */
const tellInOrder = async (to: Listener, rows: readonly Row[]): Promise<number[]> => {
  const accepted: number[] = [];
  for (const row of rows) {
    const news = toNews(row);
    try {
      if (!to.hasHeard(news)) await tell(to.queue, news);
    } catch (error) {
      if (error instanceof Unavailable) break;
      throw error;
    }
    accepted.push(row.outbox_id);
  }
  return accepted;
};

const deliverRows = async (tx: Queryable, to: Listener): Promise<Delivery> => {
  const [lock] = await tx.query<{ mine: boolean }>({
    name: "sale-lock-outbox",
    text: "select pg_try_advisory_xact_lock($1) as mine",
    values: [deliveryLock],
  });
  if (lock?.mine !== true) return { deliveredCount: 0, waitingCount: 0, more: false };
  const rows = await tx.query<Row>({
    name: "sale-read-outbox",
    text: `
      select outbox_id, topic, concert_id, user_id, content
      from outbox
      order by outbox_id
      limit ${rowsMax}`,
  });
  const byBuyer = Map.groupBy(rows, (row) => `${row.user_id}/${row.concert_id}`);
  const told = await Promise.all([...byBuyer.values()].map((own) => tellInOrder(to, own)));
  const accepted = told.flat();
  if (accepted.length > 0) {
    await tx.query({
      name: "sale-clear-outbox",
      text: "delete from outbox where outbox_id = any ($1::int8[])",
      values: [plainArray(accepted)],
    });
  }
  const waitingCount = rows.length - accepted.length;
  return {
    deliveredCount: accepted.length,
    waitingCount,
    more: rows.length === rowsMax && waitingCount === 0,
  };
};

export interface Delivery {
  readonly deliveredCount: number;
  /** Rows that were looked at and not accepted. */
  readonly waitingCount: number;
  readonly more: boolean;
}

/**
 * Tells the queue what was committed, oldest first, and forgets what it accepted; what it could not take
 * stays. One instance at a time; one that dies in the middle only makes the next one say it again.
 * Rows of one buyer are in the order of their commits, because his row was locked around them.
 */
export const deliverNews = (database: Database, to: Listener): Promise<Delivery> =>
  database.transaction((tx) => deliverRows(tx, to));
