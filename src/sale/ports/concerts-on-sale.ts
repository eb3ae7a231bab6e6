import type { InstantMs } from "#kernel/instant.ts";
import type { HoldPolicy } from "../domain/hold-limit.ts";
import type { ConcertId } from "#kernel/ids.ts";

/** The operator's rules for reservations. */
export interface SalePolicy extends HoldPolicy {
  /** How long a reservation stays HELD, in seconds. */
  readonly holdSeconds: number;
  readonly maxSeatsPerUser: number;
  readonly maxSeatsPerReservation: number;
}

/** One date of a concert. */
export interface ShowDate {
  /** YYYY-MM-DD in the concert's time zone. */
  readonly date: string;
  readonly startsAtMs: InstantMs;
}

/** A concert, as the sale needs it. */
export interface ConcertOnSale {
  readonly concertId: ConcertId;
  /** ISO 4217. */
  readonly currency: string;
  readonly dates: readonly ShowDate[];
  readonly policy: SalePolicy;
}

export interface ConcertsOnSale {
  /** The concert, at most 1 s old, or null when there is none. Throws Unavailable. */
  find(concertId: ConcertId): Promise<ConcertOnSale | null>;
}
