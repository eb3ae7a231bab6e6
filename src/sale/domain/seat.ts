import type { ConcertId, ReservationId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Money } from "#kernel/money.ts";

export type SeatStatus = "AVAILABLE" | "HELD" | "SOLD";

/** One seat of one show, as the database keeps it. */
export interface Seat {
  readonly concertId: ConcertId;
  readonly date: string;
  /** 1 to 50. */
  readonly seatNumber: number;
  readonly price: Money;
  readonly status: SeatStatus;
  /** Whose it is; null exactly when AVAILABLE. */
  readonly reservationId: ReservationId | null;
  /** When the hold lapses; set exactly when HELD. */
  readonly expiresAtMs: InstantMs | null;
  /** Rises by one each time the seat passes into or out of somebody's hands. */
  readonly fence: number;
}

/** Names a seat within a batch. */
export const seatKey = (concertId: ConcertId, date: string, seatNumber: number): string =>
  `${concertId}/${date}/${seatNumber}`;

/** Whether a hold that ends at `expiresAtMs` is over: from that very millisecond on. */
export const isLapsed = (expiresAtMs: InstantMs, nowMs: InstantMs): boolean => nowMs >= expiresAtMs;

/** The status that counts at a moment: a lapsed hold is AVAILABLE, whether or not anybody swept it. */
export const seatStatusAt = (
  seat: Pick<Seat, "status" | "expiresAtMs">,
  nowMs: InstantMs,
): SeatStatus =>
  seat.status === "HELD" && seat.expiresAtMs !== null && isLapsed(seat.expiresAtMs, nowMs)
    ? "AVAILABLE"
    : seat.status;

/** The seat in the hands of a reservation. Callers have checked that it is AVAILABLE at the moment. */
export const holdSeat = (
  seat: Seat,
  reservationId: ReservationId,
  expiresAtMs: InstantMs,
): Seat => ({ ...seat, status: "HELD", reservationId, expiresAtMs, fence: seat.fence + 1 });

/** The seat given back. */
export const freeSeat = (seat: Seat): Seat => ({
  ...seat,
  status: "AVAILABLE",
  reservationId: null,
  expiresAtMs: null,
  fence: seat.fence + 1,
});

/** The seat sold to the reservation that holds it: no change of hands. Throws unless it is HELD. */
export const sellSeat = (seat: Seat): Seat => {
  if (seat.status !== "HELD") throw new Error(`a seat that is ${seat.status} cannot be sold`);
  return { ...seat, status: "SOLD", expiresAtMs: null };
};
