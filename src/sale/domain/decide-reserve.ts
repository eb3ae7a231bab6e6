import type { InstantMs } from "#kernel/instant.ts";
import type { Money } from "#kernel/money.ts";
import { comparePlaces } from "#kernel/place.ts";
import type { SeatSpan } from "#kernel/seating-plan.ts";
import {
  addReservation,
  buyerKey,
  gradeKey,
  hasSeat,
  markFree,
  replaceSeat,
  reservationsOf,
  showKey,
  type BatchState,
  type Buyer,
  type NumberedSeat,
} from "./batch-state.ts";
import { countMatching, pickBest } from "./best-seats.ts";
import type { Reserve, ReserveOutcome } from "./commands.ts";
import { expireReservation } from "./decide-ending.ts";
import { mayHoldFromMs, withUnpaidHold, type UnpaidHold } from "./hold-limit.ts";
import { findKeyOutcome, storeAnswer } from "./stored-answer.ts";
import { reservationStatusAt, seatsOwned, type Reservation } from "./reservation.ts";
import { geometryOf } from "./seat-geometry.ts";
import { holdSeat, seatKey, seatStatusAt, type Seat } from "./seat.ts";
import { singlesCreated } from "./single-seats.ts";

const checkSeatLimits = (
  command: Reserve,
  own: readonly Reservation[],
  nowMs: InstantMs,
): ReserveOutcome | null => {
  const { maxSeatsPerReservation, maxSeatsPerUser } = command;
  const count = command.best?.wish.count ?? command.seatNumbers.length;
  if (count > maxSeatsPerReservation) {
    return {
      kind: "seat-limit-exceeded",
      limitOf: "reservation",
      seatsMax: maxSeatsPerReservation,
      owned: 0,
    };
  }
  const owned = seatsOwned(own, nowMs);
  return owned + count > maxSeatsPerUser
    ? { kind: "seat-limit-exceeded", limitOf: "user", seatsMax: maxSeatsPerUser, owned }
    : null;
};

/** The buyer's unpaid holds, with a lapsed hold that the sweeper has not reached. */
const unpaidOf = (buyer: Buyer, lapsed: Reservation | undefined): readonly UnpaidHold[] =>
  lapsed === undefined
    ? buyer.unpaidHolds
    : withUnpaidHold(buyer.unpaidHolds, { how: "lapsed", atMs: lapsed.expiresAtMs });

/** The price of a seat. Throws when its grade was not loaded: a bug. */
const priceOf = (state: BatchState, { concertId, grade }: Seat): Money => {
  const price = state.prices.get(gradeKey(concertId, grade));
  if (price === undefined) throw new Error(`the grade ${grade} has no price`);
  return price;
};

const takeSeats = (
  state: BatchState,
  command: Reserve,
  seats: readonly Seat[],
  nowMs: InstantMs,
): Reservation => {
  const { reservationId, userId, concertId, date, place, currency } = command;
  const expiresAtMs = nowMs + command.holdSeconds * 1000;
  const prices = seats.map((seat) => priceOf(state, seat));
  const reservation: Reservation = {
    reservationId,
    userId,
    concertId,
    date,
    seatNumbers: seats.map((seat) => seat.seatNumber),
    prices,
    amount: prices.reduce((sum, price) => sum + price, 0),
    currency,
    status: "HELD",
    refundedSeats: 0,
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

/** The refusals that do not depend on the state of a seat; null: the command may have seats. */
const refuseBuyer = (
  state: BatchState,
  command: Reserve,
  nowMs: InstantMs,
): ReserveOutcome | null => {
  const { userId, concertId } = command;
  const buyer = state.buyers.get(buyerKey(userId, concertId));
  if (!buyer) return { kind: "date-not-found" };
  if (state.cancelledConcerts.has(concertId)) return { kind: "concert-cancelled" };
  const own = reservationsOf(state, userId, concertId);
  const held = own.find((reservation) => reservation.status === "HELD");
  if (held && reservationStatusAt(held, nowMs) === "HELD") {
    return { kind: "already-held", reservationId: held.reservationId };
  }
  const overLimit = checkSeatLimits(command, own, nowMs);
  if (overLimit) return overLimit;
  const fromMs = mayHoldFromMs(command.holdPolicy, unpaidOf(buyer, held), nowMs);
  return fromMs === null ? null : { kind: "hold-limit", retryAfterMs: fromMs - nowMs };
};

/** The outcome of the command's key, or `ended`; null: neither applies. */
const refusePlace = (state: BatchState, command: Reserve): ReserveOutcome | null => {
  const known = findKeyOutcome(state, command);
  if (known) return known;
  const buyer = state.buyers.get(buyerKey(command.userId, command.concertId));
  if (!buyer) return { kind: "date-not-found" };
  return comparePlaces(buyer.ended, command.place) >= 0 ? { kind: "ended" } : null;
};

/** The single seats, by number, that a choice of free seats creates in the rows of the command. */
const singlesLeft = (
  state: BatchState,
  { concertId, date, rows, seatNumbers }: Reserve,
  nowMs: InstantMs,
): readonly number[] =>
  rows.flatMap(({ firstSeat, lastSeat }: SeatSpan) => {
    const free = Array.from({ length: lastSeat - firstSeat + 1 }, (_, index) => {
      const seat = state.seats.get(seatKey(concertId, date, firstSeat + index));
      return seat !== undefined && seatStatusAt(seat, nowMs) === "AVAILABLE";
    });
    const chosen = seatNumbers
      .filter((seatNumber) => seatNumber >= firstSeat && seatNumber <= lastSeat)
      .map((seatNumber) => seatNumber - firstSeat);
    return singlesCreated(free, chosen).map((index) => firstSeat + index);
  });

/** Expires the user's own lapsed reservation and holds the seats, which are free. */
const reserve = (
  state: BatchState,
  command: Reserve,
  seatNumbers: readonly number[],
  nowMs: InstantMs,
): ReserveOutcome => {
  const { userId, concertId, date } = command;
  const own = reservationsOf(state, userId, concertId);
  const held = own.find((reservation) => reservation.status === "HELD");
  if (held) expireReservation(state, held);
  const free = seatNumbers.flatMap(
    (seatNumber) => state.seats.get(seatKey(concertId, date, seatNumber)) ?? [],
  );
  const reservation = takeSeats(state, command, free, nowMs);
  return storeAnswer(state, command, { kind: "reserved", reservation });
};

/**
 * Holds all of the seats for the user, or none.
 *
 * Outcomes, first that applies:
 * - `replayed`, `key-reused`, `key-in-progress`  the key was used before
 * - `ended`                the place, or a later place of the user, has ended
 * - `date-not-found`       there is no such show
 * - `concert-cancelled`
 * - `already-held`         the user has a reservation in this concert that is HELD and not lapsed
 * - `seat-limit-exceeded`  more seats than a reservation may have, or than the user may have in total
 * - `hold-limit`           too many of the user's holds ended without a payment, or the last one just lapsed
 * - `seats-unavailable`    exactly the seats that are SOLD or BLOCKED, or HELD and not lapsed
 * - `single-seat-left`     the choice creates single seats in the rows in which it may not; see `singlesCreated`
 * - `reserved`             for `holdSeconds` from `nowMs` on, at the prices of the grades; the user's
 *                          own lapsed reservation becomes EXPIRED
 */
export const decideReserve = (
  state: BatchState,
  command: Reserve,
  nowMs: InstantMs,
): ReserveOutcome => {
  const early = refusePlace(state, command);
  if (early) return early;
  const { concertId, date, seatNumbers } = command;
  const seats = seatNumbers.flatMap(
    (seatNumber) => state.seats.get(seatKey(concertId, date, seatNumber)) ?? [],
  );
  if (seats.length < seatNumbers.length) return { kind: "date-not-found" };
  const refused = refuseBuyer(state, command, nowMs);
  if (refused) return refused;
  const taken = seats.filter((seat) => seatStatusAt(seat, nowMs) !== "AVAILABLE");
  if (taken.length > 0) {
    return { kind: "seats-unavailable", seatNumbers: taken.map((seat) => seat.seatNumber) };
  }
  const singles = singlesLeft(state, command, nowMs);
  if (singles.length > 0) return { kind: "single-seat-left", seatNumbers: singles };
  return reserve(state, command, seatNumbers, nowMs);
};

/** Remembers the choice, and that its seats must be locked. Later commands choose others. */
const awaitLocks = (
  state: BatchState,
  { reservationId }: Reserve,
  seats: readonly NumberedSeat[],
): null => {
  const chosen = seats.map(({ seatNumber }) => seatNumber);
  state.choices.set(reservationId, chosen);
  for (const seat of seats) {
    markFree(state, seat, false);
    state.unlocked.push(seat);
  }
  return null;
};

/**
 * Holds the best seats for the user; see `pickBest` for which they are.
 *
 * Outcomes as of `decideReserve`, but never `single-seat-left`: a choice that leaves no single seat comes first
 * there. And:
 * - `seats-unavailable`  fewer seats than the user asks for fit the wish, with those that others have locked
 * - null                 the chosen seats are not locked yet (they are in `unlocked`), or only seats that others
 *                        have locked would fit. The command is decided again
 */
export const decideBest = (
  state: BatchState,
  command: Reserve & { readonly best: NonNullable<Reserve["best"]> },
  nowMs: InstantMs,
): ReserveOutcome | null => {
  const early = refusePlace(state, command);
  if (early) return early;
  const { concertId, date, best } = command;
  const show = state.shows.get(showKey(concertId, date));
  if (!show) return { kind: "date-not-found" };
  const refused = refuseBuyer(state, command, nowMs);
  if (refused) return refused;
  const geometry = geometryOf(best.plan);
  const last = state.choices.get(command.reservationId);
  const stands = last?.every((seatNumber) => show.free.bits[seatNumber - 1] === 1) === true;
  const chosen = stands ? last : pickBest(geometry, show.free, best.wish);
  if (chosen === null) {
    if (pickBest(geometry, show.committed, best.wish) !== null) return null;
    const available = countMatching(geometry, show.committed, best.wish);
    return { kind: "seats-unavailable", seatNumbers: [], available };
  }
  const seats = chosen.map((seatNumber) => ({ concertId, date, seatNumber }));
  return seats.every((seat) => hasSeat(state, seat))
    ? reserve(state, command, chosen, nowMs)
    : awaitLocks(state, command, seats);
};
