import type { InstantMs } from "#kernel/instant.ts";
import { comparePlaces } from "#kernel/place.ts";
import {
  addReservation,
  buyerKey,
  replaceSeat,
  reservationsOf,
  type BatchState,
  type Buyer,
} from "./batch-state.ts";
import type { Reserve, ReserveOutcome } from "./commands.ts";
import { expireReservation } from "./decide-ending.ts";
import { mayHoldFromMs, withUnpaidHold, type UnpaidHold } from "./hold-limit.ts";
import { findKeyOutcome, storeAnswer } from "./stored-answer.ts";
import { reservationStatusAt, seatsOwned, type Reservation } from "./reservation.ts";
import { holdSeat, seatKey, seatStatusAt, type Seat } from "./seat.ts";

const checkSeatLimits = (
  command: Reserve,
  own: readonly Reservation[],
  nowMs: InstantMs,
): ReserveOutcome | null => {
  const { seatNumbers, maxSeatsPerReservation, maxSeatsPerUser } = command;
  if (seatNumbers.length > maxSeatsPerReservation) {
    return {
      kind: "seat-limit-exceeded",
      limitOf: "reservation",
      seatsMax: maxSeatsPerReservation,
      owned: 0,
    };
  }
  const owned = seatsOwned(own, nowMs);
  return owned + seatNumbers.length > maxSeatsPerUser
    ? { kind: "seat-limit-exceeded", limitOf: "user", seatsMax: maxSeatsPerUser, owned }
    : null;
};

/** The buyer's unpaid holds, with a lapsed hold that the sweeper has not reached. */
const unpaidOf = (buyer: Buyer, lapsed: Reservation | undefined): readonly UnpaidHold[] =>
  lapsed === undefined
    ? buyer.unpaidHolds
    : withUnpaidHold(buyer.unpaidHolds, { how: "lapsed", atMs: lapsed.expiresAtMs });

const takeSeats = (
  state: BatchState,
  command: Reserve,
  seats: readonly Seat[],
  nowMs: InstantMs,
): Reservation => {
  const { reservationId, userId, concertId, date, place, currency } = command;
  const expiresAtMs = nowMs + command.holdSeconds * 1000;
  const reservation: Reservation = {
    reservationId,
    userId,
    concertId,
    date,
    seatNumbers: seats.map((seat) => seat.seatNumber),
    amount: seats.reduce((sum, seat) => sum + seat.price, 0),
    currency,
    status: "HELD",
    heldAtMs: nowMs,
    expiresAtMs,
    place: { epoch: place.epoch, seq: place.seq },
  };
  addReservation(state, reservation);
  for (const seat of seats) replaceSeat(state, holdSeat(seat, reservationId, expiresAtMs));
  state.changes.outbox.push({
    topic: "hold-carried",
    concertId,
    userId,
    content: { reservationId, expiresAtMs, epoch: place.epoch, seq: place.seq },
  });
  return reservation;
};

/**
 * Holds all of the seats for the user, or none.
 *
 * Outcomes, first that applies:
 * - `replayed`, `key-reused`, `key-in-progress`  the key was used before
 * - `ended`                the place, or a later place of the user, has ended
 * - `date-not-found`       there is no such show
 * - `already-held`         the user has a reservation in this concert that is HELD and not lapsed
 * - `seat-limit-exceeded`  more seats than a reservation may have, or than the user may have in total
 * - `hold-limit`           too many of the user's holds ended without a payment, or the last one just lapsed
 * - `seats-unavailable`    exactly the seats that are SOLD, or HELD and not lapsed
 * - `reserved`             for `holdSeconds` from `nowMs` on, at the prices of the seat rows; the user's
 *                          own lapsed reservation becomes EXPIRED
 */
export const decideReserve = (
  state: BatchState,
  command: Reserve,
  nowMs: InstantMs,
): ReserveOutcome => {
  const known = findKeyOutcome(state, command);
  if (known) return known;

  const { userId, concertId, date } = command;
  const buyer = state.buyers.get(buyerKey(userId, concertId));
  if (!buyer) return { kind: "date-not-found" };
  if (comparePlaces(buyer.ended, command.place) >= 0) return { kind: "ended" };

  const seats = command.seatNumbers.flatMap(
    (seatNumber) => state.seats.get(seatKey(concertId, date, seatNumber)) ?? [],
  );
  if (seats.length < command.seatNumbers.length) return { kind: "date-not-found" };

  const own = reservationsOf(state, userId, concertId);
  const held = own.find((reservation) => reservation.status === "HELD");
  if (held && reservationStatusAt(held, nowMs) === "HELD") {
    return { kind: "already-held", reservationId: held.reservationId };
  }
  const overLimit = checkSeatLimits(command, own, nowMs);
  if (overLimit) return overLimit;

  const fromMs = mayHoldFromMs(command.holdPolicy, unpaidOf(buyer, held), nowMs);
  if (fromMs !== null) return { kind: "hold-limit", retryAfterMs: fromMs - nowMs };

  const taken = seats.filter((seat) => seatStatusAt(seat, nowMs) !== "AVAILABLE");
  if (taken.length > 0) {
    return { kind: "seats-unavailable", seatNumbers: taken.map((seat) => seat.seatNumber) };
  }
  if (held) expireReservation(state, held);
  const free = seats.map(
    (seat) => state.seats.get(seatKey(concertId, date, seat.seatNumber)) ?? seat,
  );
  const reservation = takeSeats(state, command, free, nowMs);
  return storeAnswer(state, command, { kind: "reserved", reservation });
};
