import type { MaybePromise } from "#kernel/maybe-promise.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { HoldPolicy } from "../domain/hold-limit.ts";
import type { ConcertId } from "#kernel/ids.ts";
import type { Money } from "#kernel/money.ts";
import type { RefundPolicy } from "#kernel/refund-policy.ts";

/** The operator's rules for reservations. */
export interface SalePolicy extends HoldPolicy {
  /** How long a reservation stays HELD, in seconds. */
  readonly holdSeconds: number;
  readonly maxSeatsPerUser: number;
  readonly maxSeatsPerReservation: number;
  /** Whether a choice may leave a free seat without a free neighbour in its row. */
  readonly singleSeats: "allowed" | "refused";
  /** Null: buyers cannot refund their tickets. */
  readonly refunds: RefundPolicy | null;
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
  /** IANA name. */
  readonly timeZone: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly dates: readonly ShowDate[];
  /** The present prices. */
  readonly grades: readonly { readonly name: string; readonly price: Money }[];
  readonly policy: SalePolicy;
  readonly cancelledAtMs: InstantMs | null;
}

export interface ConcertsOnSale {
  /** The concert, at most 1 s old, or null when there is none. Throws Unavailable. */
  find(concertId: ConcertId): MaybePromise<ConcertOnSale | null>;
}
