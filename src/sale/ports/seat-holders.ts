import type { ConcertId, ReservationId, TicketId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { SeatStatus } from "../domain/seat.ts";
import type { Timestamped } from "./records.ts";

/** A seat with the reservation that its row names, lapsed or not. */
export interface SeatWithHolder {
  readonly seatNumber: number;
  readonly grade: string;
  readonly price: number;
  readonly status: SeatStatus;
  readonly holder: { readonly userId: UserId; readonly reservationId: ReservationId } | null;
  /** Null unless the seat is SOLD. Its holder may be another user than the buyer of the seat. */
  readonly ticketId: TicketId | null;
  readonly expiresAtMs: InstantMs | null;
}

/** Counts of the seats of one grade on one date. */
export interface GradeSales {
  readonly date: string;
  readonly grade: string;
  /** Of one seat now; seats that were held before a correction have their own. */
  readonly price: number;
  /** A lapsed hold counts as available, a blocked seat as `blocked` alone. */
  readonly available: number;
  readonly held: number;
  readonly sold: number;
  readonly blocked: number;
  /** The sum of the prices of the sold seats. */
  readonly revenue: number;
}

/** Seats with the users who hold or own them, for operators. Takes no lock. */
export interface SeatHolders {
  /** All seats by number, or one; empty when there is no such show. Throws Unavailable. */
  seats(
    concertId: ConcertId,
    date: string,
    seatNumber: number | null,
  ): Promise<Timestamped<readonly SeatWithHolder[]>>;
  /** By date, then by grade; empty when there is no such concert. O(taken seats). Throws Unavailable. */
  sales(concertId: ConcertId): Promise<Timestamped<readonly GradeSales[]>>;
}
