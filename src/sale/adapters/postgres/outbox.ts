import { BoundedMap } from "#kernel/bounded-map.ts";
import type { QueueEvents } from "#kernel/queue-gate.ts";
import { ifUnavailable } from "#kernel/unavailable.ts";
import type { Database, Queryable } from "#platform/postgres/database.ts";
import type { OutboxEvent } from "../../domain/batch-state.ts";
import type { Outbox } from "../../ports/outbox.ts";
import { plainArray } from "./arrays.ts";

type Row = OutboxEvent & { readonly outboxId: number };

/** Rows in one pass. More keep the transaction of the pass open for longer. */
const rowsMax = 500;
/** The advisory lock of a pass. The number means nothing; no other code may use it. */
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

/** Two events with the same name have the same effect. */
const nameOf = ({ topic, content, concertId, userId }: OutboxEvent): string => {
  switch (topic) {
    case "hold-carried":
    case "hold-cleared":
      return `${topic} ${content.reservationId}`;
    case "place-ended":
      return `${topic} ${concertId} ${userId} ${content.epoch}.${content.seq}`;
  }
};

/** Delivers one event. Returns whether the queue has it. */
type Deliver = (event: OutboxEvent) => Promise<boolean>;

/** Delivers the rows of one buyer in their order, and stops at the first that the queue does not accept. */
const deliverInOrder = async (deliver: Deliver, rows: readonly Row[]): Promise<number[]> => {
  const accepted: number[] = [];
  for (const row of rows) {
    if (!(await deliver(row))) break;
    accepted.push(row.outboxId);
  }
  return accepted;
};

const deliverRows = async (tx: Queryable, deliver: Deliver): Promise<Delivery> => {
  const [lock] = await tx.query<{ mine: boolean }>({
    name: "sale-lock-outbox",
    text: "select pg_try_advisory_xact_lock($1) as mine",
    values: [deliveryLock],
  });
  if (lock?.mine !== true) return { deliveredCount: 0, waitingCount: 0, more: false };
  const rows = await tx.query<Row>({
    name: "sale-read-outbox",
    text: `
      select outbox_id as "outboxId", topic, concert_id as "concertId", user_id as "userId", content
      from outbox
      order by outbox_id
      limit ${rowsMax}`,
  });
  const byBuyer = Map.groupBy(rows, (row) => `${row.userId}/${row.concertId}`);
  const perBuyer = [...byBuyer.values()].map((own) => deliverInOrder(deliver, own));
  const accepted = (await Promise.all(perBuyer)).flat();
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
  /** Rows that the queue has accepted and that are deleted. */
  readonly deliveredCount: number;
  /** Rows that were read and not accepted. */
  readonly waitingCount: number;
  readonly more: boolean;
}

export interface PgOutbox extends Outbox {
  /**
   * Delivers the oldest rows of the outbox and deletes those that the queue has accepted.
   *
   * An advisory lock lets one instance at a time do this; another returns at once. Rows of one buyer are in
   * the order of their commits, because each transaction locked the buyer row. When the instance dies
   * before its commit, the rows are delivered again; a repeated event changes nothing.
   */
  deliverPending(): Promise<Delivery>;
}

/** The outbox on PostgreSQL. It remembers about 20,000 delivered events, 100 bytes each. */
export const pgOutbox = (options: {
  readonly database: Database;
  readonly queueEvents: QueueEvents;
  readonly rememberedMax?: number;
}): PgOutbox => {
  const { database, queueEvents } = options;
  /**
   * The names of the events that this instance has delivered last. Of an event that is forgotten, or that
   * another instance has delivered, the pass sends a second one, which changes nothing.
   */
  const delivered = new BoundedMap<string, true>(options.rememberedMax ?? 20_000);
  const markDelivered = (event: OutboxEvent): void => {
    delivered.set(nameOf(event), true);
  };
  /** Whether the event was delivered. A row is asked for once, so its event is forgotten. */
  const takeDelivered = (event: OutboxEvent): boolean => delivered.delete(nameOf(event));

  const tryPublish: Deliver = (event) =>
    ifUnavailable(
      publish(queueEvents, event).then(() => true),
      () => false,
    );

  return {
    async deliverNow(event) {
      if (await tryPublish(event)) markDelivered(event);
    },
    markDelivered,
    deliverPending: () =>
      database.transaction((tx) =>
        deliverRows(tx, async (event) => takeDelivered(event) || tryPublish(event)),
      ),
  };
};
