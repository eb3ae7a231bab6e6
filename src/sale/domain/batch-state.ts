import type { ConcertId, MintId, ReservationId, UserId } from "#kernel/ids.ts";
import type { Money } from "#kernel/money.ts";
import { comparePlaces, type EndedReason, type PlaceMark } from "#kernel/place.ts";
import type { Outcome, StoredAnswer } from "./commands.ts";
import { setFree, type FreeSeats } from "./free-seats.ts";
import { withUnpaidHold, type UnpaidHold } from "./hold-limit.ts";
import type { Payment } from "./payment.ts";
import type { Refund } from "./refund.ts";
import type { Reservation } from "./reservation.ts";
import { seatKey, type Seat } from "./seat.ts";
import type { Transfer } from "./wallet.ts";

/** The row of one user in one concert. Its lock puts the user's commands there in order. */
export interface Buyer {
  readonly userId: UserId;
  readonly concertId: ConcertId;
  /** The highest place of the user that has ended. */
  readonly ended: PlaceMark;
  /** The reason when this batch raised `ended`; null while `ended` is as it was loaded. */
  readonly raisedBy: EndedReason | null;
  /** The user's unpaid holds that a limit may still count, oldest first. */
  readonly unpaidHolds: readonly UnpaidHold[];
}

/** The seats of one show for choosing the best. A seat of `free` that is not in the state's `seats` is not locked. */
export interface ShowSeats {
  /** The free seats as the earlier commands of the batch leave them, without those that others have locked. */
  readonly free: FreeSeats;
  /** The same with those that others have locked: they may stay free. */
  readonly committed: FreeSeats;
}

/** A seat of a show by its number. */
export type NumberedSeat = Pick<Seat, "concertId" | "date" | "seatNumber">;

/** An event that the queue must receive after the commit. */
export type OutboxEvent =
  | {
      readonly topic: "hold-carried";
      readonly concertId: ConcertId;
      readonly userId: UserId;
      readonly content: {
        readonly reservationId: ReservationId;
        readonly expiresAtMs: number;
        readonly epoch: number;
        readonly seq: number;
      };
    }
  | {
      readonly topic: "hold-cleared";
      readonly concertId: ConcertId;
      readonly userId: UserId;
      readonly content: { readonly reservationId: ReservationId };
    }
  | {
      readonly topic: "place-ended";
      readonly concertId: ConcertId;
      readonly userId: UserId;
      readonly content: {
        readonly epoch: number;
        readonly seq: number;
        readonly reason: EndedReason;
      };
    };

/** A row of the audit trail: an operator's action, written in the transaction of its effect. */
export interface AuditEntry {
  readonly actor: string;
  readonly action: string;
  /** Null for an action that concerns no concert. */
  readonly concertId: ConcertId | null;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

/** Keys of what a batch has changed in its state. The save writes the values as they are at the end. */
export interface Changes {
  readonly buyers: Set<string>;
  /** Buyers with one more unpaid hold. */
  readonly unpaidHolds: Set<string>;
  readonly seats: Set<string>;
  /** Changed reservations that were in the database before the batch. */
  readonly reservations: Set<ReservationId>;
  readonly newReservations: Set<ReservationId>;
  /** Seats that no longer belong to the reservation. */
  readonly lostSeats: { readonly reservationId: ReservationId; readonly seatNumber: number }[];
  readonly wallets: Set<UserId>;
  readonly transfers: Transfer[];
  readonly payments: Payment[];
  readonly refunds: Refund[];
  readonly answers: Set<string>;
  readonly outbox: OutboxEvent[];
  readonly audits: AuditEntry[];
}

/**
 * Everything that the commands of one batch may read, loaded under locks, and what they have changed so
 * far. Each command is decided on the state as the earlier commands left it. A key that is in no map does
 * not exist.
 */
export interface BatchState {
  readonly mintId: MintId;
  readonly buyers: Map<string, Buyer>;
  readonly seats: Map<string, Seat>;
  /** The shows in which a command asks for the best seats, by `showKey`. */
  readonly shows: Map<string, ShowSeats>;
  /** Chosen seats that are not locked yet: the batch locks them and decides again. */
  readonly unlocked: NumberedSeat[];
  /** The seats that were chosen for a reservation, by its id. A choice stands while they are free. */
  readonly choices: Map<ReservationId, readonly number[]>;
  /** The prices of the loaded seats' grades where a command reserves, by `gradeKey`. */
  readonly prices: Map<string, Money>;
  /** Reservations that a command names, and all HELD and CONFIRMED reservations of the buyers. */
  readonly reservations: Map<ReservationId, Reservation>;
  readonly reservationsOfBuyer: Map<string, Set<ReservationId>>;
  readonly wallets: Map<UserId, Money>;
  /** Payments of those CONFIRMED reservations that a `pay` command names. */
  readonly payments: Map<ReservationId, Payment>;
  readonly answers: Map<string, StoredAnswer>;
  /** Those of the concerts of `reserve` and `pay` commands that are cancelled. */
  readonly cancelledConcerts: Set<ConcertId>;
  /** Idempotency keys that another transaction has locked. */
  readonly busyKeys: Set<string>;
  /** Outcomes of an earlier try whose COMMIT answer was lost and which was committed, by the command's own id. */
  readonly applied: Map<string, Outcome>;
  readonly changes: Changes;
}

export const buyerKey = (userId: UserId, concertId: ConcertId): string => `${userId}/${concertId}`;

export const showKey = (concertId: ConcertId, date: string): string => `${concertId}/${date}`;

export const gradeKey = (concertId: ConcertId, grade: string): string => `${concertId}/${grade}`;

export const answerKey = (userId: UserId, key: string): string => `${userId}/${key}`;

export const emptyState = (mintId: MintId): BatchState => ({
  mintId,
  buyers: new Map(),
  seats: new Map(),
  shows: new Map(),
  unlocked: [],
  choices: new Map(),
  prices: new Map(),
  reservations: new Map(),
  reservationsOfBuyer: new Map(),
  wallets: new Map(),
  payments: new Map(),
  answers: new Map(),
  cancelledConcerts: new Set(),
  busyKeys: new Set(),
  applied: new Map(),
  changes: {
    buyers: new Set(),
    unpaidHolds: new Set(),
    seats: new Set(),
    reservations: new Set(),
    newReservations: new Set(),
    lostSeats: [],
    wallets: new Set(),
    transfers: [],
    payments: [],
    refunds: [],
    answers: new Set(),
    outbox: [],
    audits: [],
  },
});

/** Whether there is anything to write. Every change comes with at least one of these. */
export const hasChanged = ({ changes }: BatchState): boolean =>
  changes.buyers.size > 0 ||
  changes.reservations.size > 0 ||
  changes.newReservations.size > 0 ||
  changes.transfers.length > 0 ||
  changes.answers.size > 0 ||
  changes.audits.length > 0;

/** Adds a loaded reservation to the state, also to the reservations of its buyer. */
export const putReservation = (state: BatchState, reservation: Reservation): void => {
  state.reservations.set(reservation.reservationId, reservation);
  const key = buyerKey(reservation.userId, reservation.concertId);
  const known = state.reservationsOfBuyer.get(key);
  if (known) known.add(reservation.reservationId);
  else state.reservationsOfBuyer.set(key, new Set([reservation.reservationId]));
};

export const reservationsOf = (
  state: BatchState,
  userId: UserId,
  concertId: ConcertId,
): Reservation[] => {
  const ids = state.reservationsOfBuyer.get(buyerKey(userId, concertId)) ?? [];
  return [...ids].flatMap((id) => state.reservations.get(id) ?? []);
};

export const addReservation = (state: BatchState, reservation: Reservation): void => {
  putReservation(state, reservation);
  state.changes.newReservations.add(reservation.reservationId);
};

export const replaceReservation = (state: BatchState, reservation: Reservation): void => {
  const { reservationId } = reservation;
  state.reservations.set(reservationId, reservation);
  if (!state.changes.newReservations.has(reservationId)) {
    state.changes.reservations.add(reservationId);
  }
};

/** The seats of a reservation that still belong to it. */
export const seatsOwnedBy = (state: BatchState, reservation: Reservation): Seat[] =>
  reservation.seatNumbers.flatMap((seatNumber) => {
    const seat = state.seats.get(seatKey(reservation.concertId, reservation.date, seatNumber));
    return seat?.reservationId === reservation.reservationId ? [seat] : [];
  });

/** Whether the seat is loaded under its lock, with the price of its grade. */
export const hasSeat = (
  state: BatchState,
  { concertId, date, seatNumber }: NumberedSeat,
): boolean => {
  const seat = state.seats.get(seatKey(concertId, date, seatNumber));
  return seat !== undefined && state.prices.has(gradeKey(concertId, seat.grade));
};

export const replaceSeat = (state: BatchState, seat: Seat): void => {
  const key = seatKey(seat.concertId, seat.date, seat.seatNumber);
  const before = state.seats.get(key);
  if (before && before.reservationId !== null && before.reservationId !== seat.reservationId) {
    const { reservationId, seatNumber } = before;
    state.changes.lostSeats.push({ reservationId, seatNumber });
  }
  state.seats.set(key, seat);
  state.changes.seats.add(key);
  markFree(state, seat, seat.status === "AVAILABLE");
};

/** Marks a seat as free or taken for the later commands that ask for the best seats. */
export const markFree = (state: BatchState, seat: NumberedSeat, isFree: boolean): void => {
  const show = state.shows.get(showKey(seat.concertId, seat.date));
  if (show === undefined) return;
  setFree(show.free, seat.seatNumber - 1, isFree);
  setFree(show.committed, seat.seatNumber - 1, isFree);
};

/** Remembers an unpaid hold of the user. */
export const addUnpaidHold = (state: BatchState, key: string, end: UnpaidHold): void => {
  const buyer = state.buyers.get(key);
  if (!buyer) return;
  state.buyers.set(key, { ...buyer, unpaidHolds: withUnpaidHold(buyer.unpaidHolds, end) });
  state.changes.unpaidHolds.add(key);
};

/**
 * Raises the buyer's `ended` to the place. Returns false, and keeps the earlier reason, when `ended` is
 * there or beyond already.
 */
export const endPlace = (
  state: BatchState,
  buyer: Buyer,
  place: PlaceMark,
  reason: EndedReason,
): boolean => {
  if (comparePlaces(buyer.ended, place) >= 0) return false;
  const key = buyerKey(buyer.userId, buyer.concertId);
  // The same command may have added an unpaid hold since the caller read the buyer.
  state.buyers.set(key, { ...(state.buyers.get(key) ?? buyer), ended: place, raisedBy: reason });
  state.changes.buyers.add(key);
  return true;
};
