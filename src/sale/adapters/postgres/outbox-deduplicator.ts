import type { OutboxEvent } from "../../domain/batch-state.ts";
import type { QueueEvents, QueueGate } from "../../ports/queue-gate.ts";

/** Remembers the events that this instance has delivered to the queue right after a commit. */
export interface OutboxDeduplicator {
  /** The same gate and events, remembering what the queue accepts. */
  remembering(queue: { readonly queueGate: QueueGate; readonly queueEvents: QueueEvents }): {
    readonly queueGate: QueueGate;
    readonly queueEvents: QueueEvents;
  };
  /** Whether this instance has delivered the event. The answer is forgotten after the call. */
  takeDelivered(event: OutboxEvent): boolean;
}

type Buyer = { readonly concertId: string; readonly userId: string };
type Mark = { readonly epoch: number; readonly seq: number };

const carried = (reservationId: string): string => `carried ${reservationId}`;
const cleared = (reservationId: string): string => `cleared ${reservationId}`;
const ended = (buyer: Buyer, mark: Mark): string =>
  `ended ${buyer.concertId} ${buyer.userId} ${mark.epoch}.${mark.seq}`;

const nameOf = (event: OutboxEvent): string => {
  switch (event.topic) {
    case "hold-carried":
      return carried(event.content.reservationId);
    case "hold-cleared":
      return cleared(event.content.reservationId);
    case "place-ended":
      return ended(event, event.content);
  }
};

/**
 * Remembers the last `sizeMax` events, so that the outbox publishes only those that the queue does not have.
 * A forgotten event, or one that another instance delivered, is published again, which changes nothing.
 */
export const outboxDeduplicator = (sizeMax = 20_000): OutboxDeduplicator => {
  const names = new Set<string>();
  const add = (name: string): void => {
    names.add(name);
    if (names.size <= sizeMax) return;
    const [oldest] = names;
    if (oldest !== undefined) names.delete(oldest);
  };
  return {
    remembering: ({ queueGate, queueEvents }) => ({
      queueGate: {
        enter: (attempt) => queueGate.enter(attempt),
        glance: (place) => queueGate.glance(place),
        async settle(attempt, hold) {
          const accepted = await queueGate.settle(attempt, hold);
          if (accepted && hold) add(carried(hold.reservationId));
          return accepted;
        },
      },
      queueEvents: {
        async holdCarried(event) {
          await queueEvents.holdCarried(event);
          add(carried(event.reservationId));
        },
        async holdCleared(event) {
          await queueEvents.holdCleared(event);
          add(cleared(event.reservationId));
        },
        async placeEnded(event) {
          await queueEvents.placeEnded(event);
          add(ended(event, event));
        },
      },
    }),
    takeDelivered: (event) => names.delete(nameOf(event)),
  };
};
