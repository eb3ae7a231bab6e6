import type { ConcertId, MintId, ReservationId, UserId } from "#kernel/ids.ts";
import type { Money } from "#kernel/money.ts";
import { comparePlaces, type EndedReason, type PlaceMark } from "#kernel/place.ts";
import type { Outcome, StoredAnswer } from "./commands.ts";
import type { Payment } from "./payment.ts";
import type { Reservation } from "./reservation.ts";
import { seatKey, type Seat } from "./seat.ts";
import type { Transfer } from "./wallet.ts";

/** One user and concert: what his commands there queue behind. */
export interface Buyer {
  readonly userId: UserId;
  readonly concertId: ConcertId;
  /** The highest place of his that has ended. */
  readonly ended: PlaceMark;
  /** Why, when this batch raised the mark; null while it stands as loaded. */
  readonly raisedBy: EndedReason | null;
}

/** What the queue must hear after the commit. */
export type News =
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

/** What goes into the audit trail: an operator's doing, in the transaction of its effect. */
export interface AuditNote {
  readonly actor: string;
  readonly action: string;
  readonly concertId: ConcertId;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

/** What a batch has changed, as keys into its state: what stands there at the end is written. */
export interface Changes {
  readonly buyers: Set<string>;
  readonly seats: Set<string>;
  /** Reservations that the database knows already. */
  readonly reservations: Set<ReservationId>;
  readonly newReservations: Set<ReservationId>;
  /** Seats that passed out of the hands of a reservation. */
  readonly lostSeats: { readonly reservationId: ReservationId; readonly seatNumber: number }[];
  readonly wallets: Set<UserId>;
  readonly transfers: Transfer[];
  readonly payments: Payment[];
  readonly answers: Set<string>;
  readonly news: News[];
  readonly audits: AuditNote[];
}

/**
 * Everything that the commands of one batch may read, loaded under locks, and what they changed so far.
 * Each command is decided on the state as the earlier ones left it. What is not in a map does not exist.
 */
export interface BatchState {
  readonly mintId: MintId;
  readonly buyers: Map<string, Buyer>;
  readonly seats: Map<string, Seat>;
  /** Those that the commands name, and all HELD and CONFIRMED ones of the buyers. */
  readonly reservations: Map<ReservationId, Reservation>;
  readonly reservationsOfBuyer: Map<string, Set<ReservationId>>;
  readonly wallets: Map<UserId, Money>;
  /** Of the CONFIRMED reservations that are to be paid. */
  readonly payments: Map<ReservationId, Payment>;
  readonly answers: Map<string, StoredAnswer>;
  /** Keys in use by a transaction elsewhere. */
  readonly busyKeys: Set<string>;
  /** Commands of an earlier try whose commit was unknown and turned out to have happened, by their own id. */
  readonly applied: Map<string, Outcome>;
  readonly changes: Changes;
}

export const buyerKey = (userId: UserId, concertId: ConcertId): string => `${userId}/${concertId}`;

export const answerKey = (userId: UserId, key: string): string => `${userId}/${key}`;

export const emptyState = (mintId: MintId): BatchState => ({
  mintId,
  buyers: new Map(),
  seats: new Map(),
  reservations: new Map(),
  reservationsOfBuyer: new Map(),
  wallets: new Map(),
  payments: new Map(),
  answers: new Map(),
  busyKeys: new Set(),
  applied: new Map(),
  changes: {
    buyers: new Set(),
    seats: new Set(),
    reservations: new Set(),
    newReservations: new Set(),
    lostSeats: [],
    wallets: new Set(),
    transfers: [],
    payments: [],
    answers: new Set(),
    news: [],
    audits: [],
  },
});

/** Whether there is anything to write: every change goes with at least one of these. */
export const hasChanged = ({ changes }: BatchState): boolean =>
  changes.buyers.size > 0 ||
  changes.reservations.size > 0 ||
  changes.newReservations.size > 0 ||
  changes.transfers.length > 0 ||
  changes.answers.size > 0;

/** Puts a loaded reservation where commands find it. */
export const knowReservation = (state: BatchState, reservation: Reservation): void => {
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
  knowReservation(state, reservation);
  state.changes.newReservations.add(reservation.reservationId);
};

export const replaceReservation = (state: BatchState, reservation: Reservation): void => {
  const { reservationId } = reservation;
  state.reservations.set(reservationId, reservation);
  if (!state.changes.newReservations.has(reservationId)) {
    state.changes.reservations.add(reservationId);
  }
};

/** The seats of a reservation that still name it. */
export const seatsStillNaming = (state: BatchState, reservation: Reservation): Seat[] =>
  reservation.seatNumbers.flatMap((seatNumber) => {
    const seat = state.seats.get(seatKey(reservation.concertId, reservation.date, seatNumber));
    return seat?.reservationId === reservation.reservationId ? [seat] : [];
  });

export const replaceSeat = (state: BatchState, seat: Seat): void => {
  const key = seatKey(seat.concertId, seat.date, seat.seatNumber);
  const before = state.seats.get(key);
  if (before && before.reservationId !== null && before.reservationId !== seat.reservationId) {
    const { reservationId, seatNumber } = before;
    state.changes.lostSeats.push({ reservationId, seatNumber });
  }
  state.seats.set(key, seat);
  state.changes.seats.add(key);
};

/** Raises the buyer's ended mark to the place; a mark that is as high already stays, with its reason. */
export const endPlace = (
  state: BatchState,
  buyer: Buyer,
  place: PlaceMark,
  reason: EndedReason,
): boolean => {
  if (comparePlaces(buyer.ended, place) >= 0) return false;
  const key = buyerKey(buyer.userId, buyer.concertId);
  state.buyers.set(key, { ...buyer, ended: place, raisedBy: reason });
  state.changes.buyers.add(key);
  return true;
};
