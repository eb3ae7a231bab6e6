import type { InstantMs } from "#kernel/instant.ts";

/** The operator's settings of one queue. The route that sets them checks their ranges. */
export interface QueuePolicy {
  readonly mode: "fifo" | "lottery";
  readonly opensAtMs: InstantMs;
  /** Lottery: when the lobby closes and the draw is done; fifo: null. */
  readonly admitsAtMs: InstantMs | null;
  /** At most this many users are ACTIVE at once. */
  readonly maxActive: number;
  readonly admissionsPerMinute: number;
  /** Admission waits while the ACTIVE users without a hold are this times the AVAILABLE seats, or more. */
  readonly shoppersPerSeat: number;
  readonly sessionSeconds: number;
  readonly claimSeconds: number;
  /** An ACTIVE user who does not use the slot loses it after this time; 0: never. */
  readonly idleSeconds: number;
  readonly holdSeconds: number;
  readonly maxSeatsPerUser: number;
  /** The queue goes on as a waiting list once the sale is sold out; not, unless given. */
  readonly waitingList?: boolean | undefined;
}
