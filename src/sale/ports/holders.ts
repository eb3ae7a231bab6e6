import type { ConcertId, ReservationId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { SeatStatus } from "../domain/seat.ts";
import type { Stamped } from "./records.ts";

/** A seat with the reservation that its row names, lapsed or not. */
export interface OwnedSeat {
  readonly seatNumber: number;
  readonly grade: string;
  readonly price: number;
  readonly status: SeatStatus;
  readonly holder: { readonly userId: UserId; readonly reservationId: ReservationId } | null;
  readonly expiresAtMs: InstantMs | null;
}

/** Who has which seat: for operators, read as it stands. */
export interface Holders {
  /** By seat number; none when there is no such show. Throws Unavailable. */
  seats(concertId: ConcertId, date: string): Promise<Stamped<readonly OwnedSeat[]>>;
}
