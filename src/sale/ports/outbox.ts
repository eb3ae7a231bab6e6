import type { OutboxEvent } from "../domain/batch-state.ts";

/** The events of committed transactions. Each reaches the queue at least once. */
export interface Outbox {
  /**
   * Sends the event of a committed transaction to the queue at once. Never throws Unavailable: an event that
   * the queue does not accept is delivered by a later pass over the outbox.
   */
  deliverNow(event: OutboxEvent): Promise<void>;
  /** Records that the queue has the event already, so that no pass delivers it again. */
  markDelivered(event: OutboxEvent): void;
}
