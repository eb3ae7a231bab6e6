import type { ConcertId, ReservationId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";

/** An operator has taken a BLOCKED seat out of the sale. */
export type SeatStatus = "AVAILABLE" | "HELD" | "SOLD" | "BLOCKED";

/** A status as fans see it: to them a BLOCKED seat is SOLD. */
export type FanSeatStatus = Exclude<SeatStatus, "BLOCKED">;

export const fanStatusOf = (status: SeatStatus): FanSeatStatus =>
  status === "BLOCKED" ? "SOLD" : status;

/** One seat of one show, as its row in the database. */
export interface Seat {
  readonly concertId: ConcertId;
  readonly date: string;
  /** From 1 on, by the seating plan. */
  readonly seatNumber: number;
  /** The class of the seat, which has the price. */
  readonly grade: string;
  readonly status: SeatStatus;
  /** The reservation that holds or owns the seat; null exactly when AVAILABLE or BLOCKED. */
  readonly reservationId: ReservationId | null;
  /** When the hold lapses; set exactly when HELD. */
  readonly expiresAtMs: InstantMs | null;
  /** Rises by one each time a reservation gets or loses the seat. */
  readonly fence: number;
}

/** The key of a seat within a batch. */
export const seatKey = (concertId: ConcertId, date: string, seatNumber: number): string =>
  `${concertId}/${date}/${seatNumber}`;

/** Whether a hold has lapsed: from the millisecond `expiresAtMs` on. */
export const isLapsed = (expiresAtMs: InstantMs, nowMs: InstantMs): boolean => nowMs >= expiresAtMs;

/** The status at a moment: a seat whose hold has lapsed is AVAILABLE, whether or not the sweeper has run. */
export const seatStatusAt = (
  seat: Pick<Seat, "status" | "expiresAtMs">,
  nowMs: InstantMs,
): SeatStatus =>
  seat.status === "HELD" && seat.expiresAtMs !== null && isLapsed(seat.expiresAtMs, nowMs)
    ? "AVAILABLE"
    : seat.status;

/** The seat, held by the reservation. The caller has checked that the seat is AVAILABLE at this moment. */
export const holdSeat = (
  seat: Seat,
  reservationId: ReservationId,
  expiresAtMs: InstantMs,
): Seat => ({ ...seat, status: "HELD", reservationId, expiresAtMs, fence: seat.fence + 1 });

/** The seat, AVAILABLE again. */
export const freeSeat = (seat: Seat): Seat => ({
  ...seat,
  status: "AVAILABLE",
  reservationId: null,
  expiresAtMs: null,
  fence: seat.fence + 1,
});

/** The seat, out of the sale. The caller has checked that the seat is AVAILABLE at this moment. */
export const blockSeat = (seat: Seat): Seat => ({ ...freeSeat(seat), status: "BLOCKED" });

/** The seat, sold to the reservation that holds it: the fence stays. Throws unless the seat is HELD. */
export const sellSeat = (seat: Seat): Seat => {
  if (seat.status !== "HELD") throw new Error(`a seat that is ${seat.status} cannot be sold`);
  return { ...seat, status: "SOLD", expiresAtMs: null };
};
