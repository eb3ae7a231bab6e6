import type { ConcertId, ReservationId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Money } from "#kernel/money.ts";
import type { PlaceMark } from "#kernel/place.ts";
import { isLapsed } from "./seat.ts";

export type ReservationStatus = "HELD" | "CONFIRMED" | "CANCELLED" | "EXPIRED";

/** What may happen to a reservation after it was made. */
export type ReservationEvent = "paid" | "cancelled" | "lapsed";

export interface Reservation {
  readonly reservationId: ReservationId;
  readonly userId: UserId;
  readonly concertId: ConcertId;
  readonly date: string;
  /** Ascending; never changes. */
  readonly seatNumbers: readonly number[];
  /** The sum of the seats' prices when they were held. */
  readonly amount: Money;
  readonly currency: string;
  readonly status: ReservationStatus;
  readonly heldAtMs: InstantMs;
  readonly expiresAtMs: InstantMs;
  /** The place in the queue under which it was made. */
  readonly place: PlaceMark;
}

/** The status that counts at a moment: a hold past its end is EXPIRED, whether or not anybody swept it. */
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

/** The reservation after an event. Only a HELD one changes; asking it of another is a bug and throws. */
export const changeReservation = (
  reservation: Reservation,
  event: ReservationEvent,
): Reservation => {
  if (reservation.status !== "HELD") {
    throw new Error(`a reservation that is ${reservation.status} cannot be ${event}`);
  }
  return { ...reservation, status: statusAfter[event] };
};

/** How many of the buyer's seats count towards his limit: those HELD and not lapsed, and those bought. */
export const seatsOwned = (reservations: Iterable<Reservation>, nowMs: InstantMs): number => {
  let count = 0;
  for (const reservation of reservations) {
    const status = reservationStatusAt(reservation, nowMs);
    if (status === "HELD" || status === "CONFIRMED") count += reservation.seatNumbers.length;
  }
  return count;
};
