import type { InstantMs } from "#kernel/instant.ts";

/** The operator's settings of one line; ranges are checked where they are set. */
export interface QueuePolicy {
  readonly mode: "fifo" | "lottery";
  readonly opensAtMs: InstantMs;
  /** Lottery: when the lobby closes and the draw is done; fifo: null. */
  readonly admitsAtMs: InstantMs | null;
  /** At most this many people are ACTIVE at once. */
  readonly maxActive: number;
  readonly admissionsPerMinute: number;
  /** Nobody is admitted while the ACTIVE people without a hold are this times the seats AVAILABLE or more. */
  readonly shoppersPerSeat: number;
  readonly sessionSeconds: number;
  readonly claimSeconds: number;
}
