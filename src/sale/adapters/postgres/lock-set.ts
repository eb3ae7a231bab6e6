import type { ConcertId, ReservationId, UserId } from "#kernel/ids.ts";
import {
  answerKey,
  buyerKey,
  hasSeat,
  showKey,
  type BatchState,
  type NumberedSeat,
} from "../../domain/batch-state.ts";
import type { Command, Reserve } from "../../domain/commands.ts";
import { seatKey } from "../../domain/seat.ts";
import { keyLockOf } from "../key-digest.ts";

/** The rows that the commands of a batch name, each once. */
export interface LockSet {
  /** The concerts that must not be cancelled until the commit. */
  readonly concerts: Set<ConcertId>;
  readonly buyers: Map<string, { readonly userId: UserId; readonly concertId: ConcertId }>;
  /** The shows in which a command asks for the best seats, by `showKey`. */
  readonly shows: Map<string, { readonly concertId: ConcertId; readonly date: string }>;
  /** The concerts whose prices a command needs. */
  readonly reservingIn: Set<ConcertId>;
  readonly seats: Map<string, NumberedSeat>;
  /** With the user of the command: another user's reservation is neither locked nor read. */
  readonly reservations: Map<
    string,
    { readonly reservationId: ReservationId; readonly userId: UserId }
  >;
  /** Those of `reservations` that a `pay` command names. */
  readonly toPay: Set<ReservationId>;
  readonly wallets: Set<UserId>;
  readonly keys: Map<
    string,
    { readonly userId: UserId; readonly key: string; readonly lock: string }
  >;
}

export const lockSetOf = (commands: readonly Command[]): LockSet => {
  const lockSet: LockSet = {
    concerts: new Set(),
    buyers: new Map(),
    shows: new Map(),
    reservingIn: new Set(),
    seats: new Map(),
    reservations: new Map(),
    toPay: new Set(),
    wallets: new Set(),
    keys: new Map(),
  };
  for (const command of commands) addRows(lockSet, command);
  return lockSet;
};

/** The seats that the command names, and all others of the rows in which it may leave no single seat. */
const seatsOf = ({ concertId, date, seatNumbers, rows }: Reserve): readonly NumberedSeat[] => {
  const ofRows = rows.flatMap(({ firstSeat, lastSeat }) =>
    Array.from({ length: lastSeat - firstSeat + 1 }, (_, offset) => firstSeat + offset),
  );
  return [...seatNumbers, ...ofRows].map((seatNumber) => ({ concertId, date, seatNumber }));
};

const addRows = (lockSet: LockSet, command: Command): void => {
  const { userId } = command;
  if ("intent" in command && command.intent !== null) {
    const { key } = command.intent;
    const name = answerKey(userId, key);
    if (!lockSet.keys.has(name))
      lockSet.keys.set(name, { userId, key, lock: keyLockOf(userId, key) });
  }
  switch (command.kind) {
    case "reserve": {
      const { concertId, date } = command;
      lockSet.concerts.add(concertId);
      lockSet.reservingIn.add(concertId);
      if (command.best !== undefined) {
        lockSet.shows.set(showKey(concertId, date), { concertId, date });
      }
      lockSet.buyers.set(buyerKey(userId, concertId), { userId, concertId });
      for (const seat of seatsOf(command))
        lockSet.seats.set(seatKey(concertId, date, seat.seatNumber), seat);
      return;
    }
    case "leave":
      lockSet.buyers.set(buyerKey(userId, command.concertId), command);
      return;
    case "charge":
      lockSet.wallets.add(userId);
      return;
    case "pay":
      lockSet.concerts.add(command.concertId);
      lockSet.wallets.add(userId);
      lockSet.toPay.add(command.reservationId);
      lockSet.reservations.set(`${command.reservationId}/${userId}`, command);
      return;
    case "cancel":
    case "lapse":
      lockSet.reservations.set(`${command.reservationId}/${userId}`, command);
      return;
  }
};

const missesOwnHolds = (state: BatchState, userId: UserId, concertId: ConcertId): boolean => {
  const key = buyerKey(userId, concertId);
  if (!state.buyers.has(key)) return true;
  for (const id of state.reservationsOfBuyer.get(key) ?? []) {
    if (!hasSeatsOf(state, id)) return true;
  }
  return false;
};

/** Whether the seats that can change are loaded. A HELD reservation needs its seats; any other needs none. */
const hasSeatsOf = (state: BatchState, id: ReservationId): boolean => {
  const reservation = state.reservations.get(id);
  return (
    reservation?.status !== "HELD" ||
    reservation.seatNumbers.every((n) =>
      state.seats.has(seatKey(reservation.concertId, reservation.date, n)),
    )
  );
};

const missesReservation = (state: BatchState, id: ReservationId, userId: UserId): boolean => {
  const reservation = state.reservations.get(id);
  if (reservation?.userId !== userId) return false;
  return !state.buyers.has(buyerKey(userId, reservation.concertId)) || !hasSeatsOf(state, id);
};

/**
 * Whether this load did not lock a row that the command needs: another transaction has locked the row, or
 * the row does not exist. Only a load that waits for locks can tell which.
 */
export const isMissed = (state: BatchState, command: Command): boolean => {
  const { userId } = command;
  switch (command.kind) {
    case "reserve":
      return (
        missesOwnHolds(state, userId, command.concertId) ||
        seatsOf(command).some((seat) => !hasSeat(state, seat))
      );
    case "leave":
      return missesOwnHolds(state, userId, command.concertId);
    case "charge":
      return !state.wallets.has(userId);
    case "pay":
      return !state.wallets.has(userId) || missesReservation(state, command.reservationId, userId);
    case "cancel":
    case "lapse":
      return missesReservation(state, command.reservationId, userId);
  }
};
