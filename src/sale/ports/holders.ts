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

/** What has become of the seats of one grade on one date. */
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

/** Who has which seat: for operators, read as it stands. */
export interface Holders {
  /** By seat number; none when there is no such show. Throws Unavailable. */
  seats(concertId: ConcertId, date: string): Promise<Stamped<readonly OwnedSeat[]>>;
  /** By date, then by seat number; none when there is no such concert. O(seats). Throws Unavailable. */
  sales(concertId: ConcertId): Promise<Stamped<readonly GradeSales[]>>;
}
