import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertId } from "#kernel/ids.ts";

/** The operator's rules that a reservation is made under. */
export interface SalePolicy {
  readonly holdSeconds: number;
  readonly maxSeatsPerUser: number;
  readonly maxSeatsPerReservation: number;
}

export interface ShowDate {
  /** YYYY-MM-DD in the concert's time zone. */
  readonly date: string;
  readonly startsAtMs: InstantMs;
}

export interface Show {
  readonly concertId: ConcertId;
  readonly currency: string;
  readonly dates: readonly ShowDate[];
  readonly policy: SalePolicy;
}

/** What the sale needs to know of a concert: at most 1 s old. */
export interface Shows {
  find(concertId: ConcertId): Promise<Show | null>;
}
