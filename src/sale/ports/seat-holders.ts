import type { ConcertId, ReservationId, UserId } from "#kernel/ids.ts";
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
  readonly expiresAtMs: InstantMs | null;
}

/** Counts of the seats of one grade on one date. */
export interface GradeSales {
  readonly date: string;
  readonly grade: string;
  /** Of one seat. */
  readonly price: number;
  /** A lapsed hold counts as available. */
  readonly available: number;
  readonly held: number;
  readonly sold: number;
}

/** Seats with the users who hold or own them, for operators. Takes no lock. */
export interface SeatHolders {
  /** By seat number; empty when there is no such show. Throws Unavailable. */
  seats(concertId: ConcertId, date: string): Promise<Timestamped<readonly SeatWithHolder[]>>;
  /** By date, then by seat number; empty when there is no such concert. O(seats). Throws Unavailable. */
  sales(concertId: ConcertId): Promise<Timestamped<readonly GradeSales[]>>;
}
