import type { ConcertId, ReservationId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Money } from "#kernel/money.ts";
import type { PlaceMark } from "#kernel/place.ts";
import { isLapsed } from "./seat.ts";

export type ReservationStatus = "HELD" | "CONFIRMED" | "CANCELLED" | "EXPIRED";

/** The events that end a HELD reservation. */
export type ReservationEvent = "paid" | "cancelled" | "lapsed";

export interface Reservation {
  readonly reservationId: ReservationId;
  readonly userId: UserId;
  readonly concertId: ConcertId;
  readonly date: string;
  /** Ascending; never changes. */
  readonly seatNumbers: readonly number[];
  /** The price of each seat when it was held; it stays when the price of the grade changes. */
  readonly prices: readonly Money[];
  /** The sum of `prices`. */
  readonly amount: Money;
  readonly currency: string;
  readonly status: ReservationStatus;
  /** How many of the seats of a CONFIRMED reservation were refunded: they are its user's no more. */
  readonly refundedSeats: number;
  readonly heldAtMs: InstantMs;
  readonly expiresAtMs: InstantMs;
  /** The user's place in the queue when the seats were held. */
  readonly place: PlaceMark;
}

/** The status at a moment: a hold that has lapsed is EXPIRED, whether or not the sweeper has run. */
export const reservationStatusAt = (
  reservation: Pick<Reservation, "status" | "expiresAtMs">,
  nowMs: InstantMs,
): ReservationStatus =>
  reservation.status === "HELD" && isLapsed(reservation.expiresAtMs, nowMs)
    ? "EXPIRED"
    : reservation.status;

const statusAfter = {
  paid: "CONFIRMED",
  cancelled: "CANCELLED",
  lapsed: "EXPIRED",
} as const satisfies Record<ReservationEvent, ReservationStatus>;

/** The reservation after an event. Throws unless it is HELD: the caller has a bug. */
export const changeReservation = (
  reservation: Reservation,
  event: ReservationEvent,
): Reservation => {
  if (reservation.status !== "HELD") {
    throw new Error(`a reservation that is ${reservation.status} cannot be ${event}`);
  }
  return { ...reservation, status: statusAfter[event] };
};

const countsTowardsLimit: Readonly<Record<ReservationStatus, boolean>> = {
  HELD: true,
  CONFIRMED: true,
  CANCELLED: false,
  EXPIRED: false,
};

/** The seats that count towards the user's limit: those CONFIRMED and not refunded, and those HELD and not lapsed. */
export const seatsOwned = (reservations: Iterable<Reservation>, nowMs: InstantMs): number => {
  let count = 0;
  for (const reservation of reservations) {
    if (countsTowardsLimit[reservationStatusAt(reservation, nowMs)]) {
      count += reservation.seatNumbers.length - reservation.refundedSeats;
    }
  }
  return count;
};
