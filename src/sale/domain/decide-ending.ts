import type { InstantMs } from "#kernel/instant.ts";
import { comparePlaces } from "#kernel/place.ts";
import {
  addUnpaidHold,
  buyerKey,
  endPlace,
  replaceReservation,
  replaceSeat,
  reservationsOf,
  seatsOwnedBy,
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
import type { UnpaidHold } from "./hold-limit.ts";
import { changeReservation, reservationStatusAt, type Reservation } from "./reservation.ts";
import { freeSeat } from "./seat.ts";

const endReservation = (
  state: BatchState,
  reservation: Reservation,
  end: UnpaidHold & { readonly byOperator?: boolean },
): Reservation => {
  const { atMs, how, byOperator = false } = end;
  const over = changeReservation(reservation, how);
  replaceReservation(state, over);
  for (const seat of seatsOwnedBy(state, reservation)) replaceSeat(state, freeSeat(seat));
  const { concertId, userId, reservationId } = reservation;
  // A release by an operator is not the user's doing.
  if (!byOperator) addUnpaidHold(state, buyerKey(userId, concertId), { atMs, how });
  state.changes.outbox.push({
    topic: "hold-cleared",
    concertId,
    userId,
    content: { reservationId },
  });
  return over;
};

/** Makes the reservation EXPIRED, and those seats AVAILABLE that no other reservation has taken since. */
export const expireReservation = (state: BatchState, reservation: Reservation): void => {
  endReservation(state, reservation, { how: "lapsed", atMs: reservation.expiresAtMs });
};

/** Adds an operator's release to the audit trail: the reservation, its seats and the reason. */
const auditRelease = (state: BatchState, reservation: Reservation, note: OperatorNote): void => {
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
 * Cancels a reservation for its owner, or for an operator on behalf of the owner. An operator's
 * cancellation is written to the audit trail.
 *
 * Outcomes, first that applies:
 * - `not-found`        no such reservation, or another user's
 * - `token-mismatch`   the user's own reservation, but of another concert than the queue token's
 * - `not-cancellable`  the reservation is paid
 * - `cancelled`        the seats are AVAILABLE; a reservation that is cancelled, expired or lapsed stays
 *                      as it is
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
  switch (reservationStatusAt(reservation, nowMs)) {
    case "CONFIRMED":
      return { kind: "not-cancellable" };
    case "CANCELLED":
    case "EXPIRED":
      return { kind: "cancelled", freed: null };
    case "HELD": {
      const { onBehalf } = command;
      if (onBehalf) auditRelease(state, reservation, onBehalf);
      const end = { how: "cancelled", atMs: nowMs, byOperator: onBehalf !== undefined } as const;
      return { kind: "cancelled", freed: endReservation(state, reservation, end) };
    }
  }
};

/**
 * Ends a place for good and cancels the reservations that are HELD under this place or an older one.
 * Idempotent. A newer place and its reservations stay as they are.
 */
export const decideLeave = (state: BatchState, command: Leave, nowMs: InstantMs): LeaveOutcome => {
  const { userId, concertId, place } = command;
  const buyer = state.buyers.get(buyerKey(userId, concertId));
  if (!buyer) return { kind: "left" };
  for (const reservation of reservationsOf(state, userId, concertId)) {
    const underIt = comparePlaces(reservation.place, place) <= 0;
    if (underIt && reservationStatusAt(reservation, nowMs) === "HELD") {
      endReservation(state, reservation, { how: "cancelled", atMs: nowMs });
    }
  }
  const mark = { epoch: place.epoch, seq: place.seq };
  if (endPlace(state, buyer, mark, "LEFT")) {
    const content = { ...mark, reason: "LEFT" as const };
    state.changes.outbox.push({ topic: "place-ended", concertId, userId, content });
  }
  return { kind: "left" };
};

/** Makes a reservation EXPIRED whose hold has lapsed. Any other reservation stays as it is. */
export const decideLapse = (state: BatchState, command: Lapse, nowMs: InstantMs): LapseOutcome => {
  const reservation = state.reservations.get(command.reservationId);
  if (reservation?.status !== "HELD" || reservationStatusAt(reservation, nowMs) !== "EXPIRED") {
    return { kind: "not-lapsed" };
  }
  expireReservation(state, reservation);
  return { kind: "lapsed" };
};
