import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { OperatorNote } from "../domain/commands.ts";

/** A cancelled concert, with the operator who has cancelled it and the reason. */
export interface CancelledConcert extends OperatorNote {
  readonly concertId: ConcertId;
}

/** How far the refunds of a cancelled concert are. */
export interface Cancellation {
  readonly cancelledAtMs: InstantMs;
  /** Tickets that were not VOID when the concert was cancelled. */
  readonly tickets: number;
  /** Those of them that are refunded. */
  readonly ticketsRefunded: number;
  /** The money that has gone back, in the minor unit, as text: only the database adds sums over users. */
  readonly amountRefunded: string;
  /** When the last ticket was refunded and the last hold cancelled; null before. */
  readonly refundedAtMs: InstantMs | null;
}

/** The concerts that are cancelled. Every method throws Unavailable. */
export interface CancelledConcerts {
  /** Those that may still have holds, or tickets that are not VOID. */
  unfinished(): Promise<readonly CancelledConcert[]>;
  /** Cancels up to 250 holds of the concert that have not lapsed. Returns their number. */
  cancelHolds(concertId: ConcertId): Promise<number>;
  /** Marks the concert as finished, unless it has a hold that has not lapsed, or a ticket that is not VOID. */
  finish(concertId: ConcertId): Promise<void>;
  /** Null for a concert that is not cancelled, and for an unknown one. */
  progress(concertId: ConcertId): Promise<Cancellation | null>;
}
