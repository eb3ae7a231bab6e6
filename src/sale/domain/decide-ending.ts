import type { InstantMs } from "#kernel/instant.ts";
import { comparePlaces } from "#kernel/place.ts";
import {
  buyerKey,
  endPlace,
  replaceReservation,
  replaceSeat,
  reservationsOf,
  seatsStillNaming,
  type BatchState,
} from "./batch-state.ts";
import type {
  Cancel,
  CancelOutcome,
  Lapse,
  LapseOutcome,
  Leave,
  LeaveOutcome,
  OperatorNote,
} from "./commands.ts";
import { changeReservation, reservationStatusAt, type Reservation } from "./reservation.ts";
import { freeSeat } from "./seat.ts";

const release = (
  state: BatchState,
  reservation: Reservation,
  event: "cancelled" | "lapsed",
): Reservation => {
  const over = changeReservation(reservation, event);
  replaceReservation(state, over);
  for (const seat of seatsStillNaming(state, reservation)) replaceSeat(state, freeSeat(seat));
  const { concertId, userId, reservationId } = reservation;
  state.changes.news.push({
    topic: "hold-cleared",
    concertId,
    userId,
    content: { reservationId },
  });
  return over;
};

/** A lapsed hold becomes EXPIRED, and those of its seats that nobody took over become AVAILABLE. */
export const expireReservation = (state: BatchState, reservation: Reservation): void => {
  release(state, reservation, "lapsed");
};

/** An operator's release goes into the audit trail with what it took and why. */
const noteRelease = (state: BatchState, reservation: Reservation, note: OperatorNote): void => {
  const { reservationId, userId, concertId, date, seatNumbers } = reservation;
  state.changes.audits.push({
    actor: note.actor,
    action: "reservation.released",
    concertId,
    before: { reservationId, userId, date, seatNumbers, status: "HELD" },
    after: { status: "CANCELLED", reason: note.reason },
  });
};

/**
 * Gives up a reservation of the caller's, or of a user's on whose behalf an operator acts; what the
 * operator changed is noted for the audit trail.
 *
 * Outcomes, first that applies:
 * - `not-found`        none, or somebody else's
 * - `token-mismatch`   his own, but of another concert than the queue token's
 * - `not-cancellable`  it is paid
 * - `cancelled`        its seats are AVAILABLE; one that is cancelled, expired or lapsed stays as it is
 */
export const decideCancel = (
  state: BatchState,
  command: Cancel,
  nowMs: InstantMs,
): CancelOutcome => {
  const reservation = state.reservations.get(command.reservationId);
  if (!reservation || reservation.userId !== command.userId) return { kind: "not-found" };
  if (command.tokenConcertId !== null && command.tokenConcertId !== reservation.concertId) {
    return { kind: "token-mismatch" };
  }
  if (reservation.status === "CONFIRMED") return { kind: "not-cancellable" };
  if (reservationStatusAt(reservation, nowMs) !== "HELD") return { kind: "cancelled", freed: null };
  if (command.onBehalf) noteRelease(state, reservation, command.onBehalf);
  return { kind: "cancelled", freed: release(state, reservation, "cancelled") };
};

/**
 * Ends a place for good and cancels what is held under it or an older one. Idempotent: it touches
 * neither a newer place nor a reservation made under one.
 */
export const decideLeave = (state: BatchState, command: Leave, nowMs: InstantMs): LeaveOutcome => {
  const { userId, concertId, place } = command;
  const buyer = state.buyers.get(buyerKey(userId, concertId));
  if (!buyer) return { kind: "left" };
  for (const reservation of reservationsOf(state, userId, concertId)) {
    const underIt = comparePlaces(reservation.place, place) <= 0;
    if (underIt && reservationStatusAt(reservation, nowMs) === "HELD") {
      release(state, reservation, "cancelled");
    }
  }
  const mark = { epoch: place.epoch, seq: place.seq };
  if (endPlace(state, buyer, mark, "LEFT")) {
    const content = { ...mark, reason: "LEFT" as const };
    state.changes.news.push({ topic: "place-ended", concertId, userId, content });
  }
  return { kind: "left" };
};

/** Makes a lapse visible; anything but a HELD reservation past its end stays as it is. */
export const decideLapse = (state: BatchState, command: Lapse, nowMs: InstantMs): LapseOutcome => {
  const reservation = state.reservations.get(command.reservationId);
  if (reservation?.status !== "HELD" || reservationStatusAt(reservation, nowMs) !== "EXPIRED") {
    return { kind: "not-lapsed" };
  }
  expireReservation(state, reservation);
  return { kind: "lapsed" };
};
