import { createHash } from "node:crypto";
import type { ConcertId, ReservationId, UserId } from "#kernel/ids.ts";
import { answerKey, buyerKey, type BatchState } from "../../domain/batch-state.ts";
import type { Command } from "../../domain/commands.ts";
import { seatKey } from "../../domain/seat.ts";

/** What the commands of a batch name, each thing once. */
export interface Wanted {
  readonly buyers: Map<string, { readonly userId: UserId; readonly concertId: ConcertId }>;
  readonly seats: Map<
    string,
    { readonly concertId: ConcertId; readonly date: string; readonly seatNumber: number }
  >;
  /** With who asks for it: somebody else's reservation is not touched. */
  readonly reservations: Map<
    string,
    { readonly reservationId: ReservationId; readonly userId: UserId }
  >;
  /** Those of `reservations` that are to be paid. */
  readonly paid: Set<ReservationId>;
  readonly wallets: Set<UserId>;
  readonly keys: Map<
    string,
    { readonly userId: UserId; readonly key: string; readonly lock: string }
  >;
}

/** The advisory lock of a key: 64 bits of a digest over user and key. */
const lockOf = (userId: UserId, key: string): string =>
  createHash("sha256").update(`${userId}/${key}`).digest().readBigInt64BE(0).toString();

export const wantedBy = (commands: readonly Command[]): Wanted => {
  const wanted: Wanted = {
    buyers: new Map(),
    seats: new Map(),
    reservations: new Map(),
    paid: new Set(),
    wallets: new Set(),
    keys: new Map(),
  };
  for (const command of commands) want(wanted, command);
  return wanted;
};

const want = (wanted: Wanted, command: Command): void => {
  const { userId } = command;
  if ("intent" in command && command.intent !== null) {
    const { key } = command.intent;
    const name = answerKey(userId, key);
    if (!wanted.keys.has(name)) wanted.keys.set(name, { userId, key, lock: lockOf(userId, key) });
  }
  switch (command.kind) {
    case "reserve": {
      const { concertId, date } = command;
      wanted.buyers.set(buyerKey(userId, concertId), { userId, concertId });
      for (const seatNumber of command.seatNumbers) {
        wanted.seats.set(seatKey(concertId, date, seatNumber), { concertId, date, seatNumber });
      }
      return;
    }
    case "leave":
      wanted.buyers.set(buyerKey(userId, command.concertId), command);
      return;
    case "charge":
      wanted.wallets.add(userId);
      return;
    case "pay":
      wanted.wallets.add(userId);
      wanted.paid.add(command.reservationId);
      wanted.reservations.set(`${command.reservationId}/${userId}`, command);
      return;
    case "cancel":
    case "lapse":
      wanted.reservations.set(`${command.reservationId}/${userId}`, command);
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

/** Only a HELD reservation's seats can change through it. */
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
 * Whether a row that the command needs was not locked by this load: somebody else has it, or it does
 * not exist; only a load that waits can tell which.
 */
export const isMissed = (state: BatchState, command: Command): boolean => {
  const { userId } = command;
  switch (command.kind) {
    case "reserve":
      return (
        missesOwnHolds(state, userId, command.concertId) ||
        command.seatNumbers.some(
          (n) => !state.seats.has(seatKey(command.concertId, command.date, n)),
        )
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
