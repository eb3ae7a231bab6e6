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

/** Seats with the users who hold or own them, for operators. Takes no lock. */
export interface SeatHolders {
  /** All seats by number, or one; empty when there is no such show. Throws Unavailable. */
  seats(
    concertId: ConcertId,
    date: string,
    seatNumber: number | null,
  ): Promise<Timestamped<readonly SeatWithHolder[]>>;
}
