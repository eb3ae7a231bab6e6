import type { ConcertId, UserId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { Database, Queryable } from "#platform/postgres/database.ts";
import type { OutboxEvent } from "../../domain/batch-state.ts";
import type { QueueEvents } from "../../ports/queue-gate.ts";
import { plainArray } from "./arrays.ts";

interface Row {
  readonly outbox_id: number;
  readonly topic: OutboxEvent["topic"];
  readonly concert_id: ConcertId;
  readonly user_id: UserId;
  readonly content: OutboxEvent["content"];
}

/** `content` has the shape that belongs to `topic`: one insert wrote both. */
const toEvent = (row: Row): OutboxEvent =>
  ({
    topic: row.topic,
    concertId: row.concert_id,
    userId: row.user_id,
    content: row.content,
  }) as OutboxEvent;

/** Receives the events, and knows which of them the queue has already. */
export interface OutboxReceiver {
  readonly queueEvents: QueueEvents;
  /** Whether this instance has delivered the event itself, right after the commit. */
  wasDelivered(event: OutboxEvent): boolean;
}

/** Rows in one pass. More keep the transaction of the pass open for longer. */
const rowsMax = 500;
/** The advisory lock of the pass. The number means nothing; no other code may use it. */
const deliveryLock = 7_203_415_986;

const publish = (
  queueEvents: QueueEvents,
  { topic, content, concertId, userId }: OutboxEvent,
): Promise<void> => {
  const buyer = { concertId, userId };
  switch (topic) {
    case "hold-carried":
      return queueEvents.holdCarried({ ...buyer, ...content });
    case "hold-cleared":
      return queueEvents.holdCleared({ ...buyer, ...content });
    case "place-ended":
      return queueEvents.placeEnded({ ...buyer, ...content });
  }
};

/** Publishes the rows of one buyer in their order, and stops at the first that the queue does not accept. */
const publishInOrder = async (to: OutboxReceiver, rows: readonly Row[]): Promise<number[]> => {
  const accepted: number[] = [];
  for (const row of rows) {
    const event = toEvent(row);
    try {
      if (!to.wasDelivered(event)) await publish(to.queueEvents, event);
    } catch (error) {
      if (error instanceof Unavailable) break;
      throw error;
    }
    accepted.push(row.outbox_id);
  }
  return accepted;
};

const deliverRows = async (tx: Queryable, to: OutboxReceiver): Promise<Delivery> => {
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
  const published = await Promise.all([...byBuyer.values()].map((own) => publishInOrder(to, own)));
  const accepted = published.flat();
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
  /** Rows that the queue accepted and that are deleted. */
  readonly deliveredCount: number;
  /** Rows that were read and not accepted. */
  readonly waitingCount: number;
  readonly more: boolean;
}

/**
 * Publishes the oldest outbox rows to the queue and deletes those that it accepted.
 *
 * An advisory lock lets one instance at a time do this; another returns at once. Rows of one buyer are in
 * the order of their commits, because each transaction locked the buyer row. When the instance dies before
 * its commit, the rows are published again; a repeated event changes nothing.
 */
export const deliverOutbox = (database: Database, to: OutboxReceiver): Promise<Delivery> =>
  database.transaction((tx) => deliverRows(tx, to));
