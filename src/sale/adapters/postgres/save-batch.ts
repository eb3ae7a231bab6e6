import type { Queryable } from "#platform/postgres/database.ts";
import type { BatchState, Buyer } from "../../domain/batch-state.ts";
import type { UserId } from "#kernel/ids.ts";
import type { Reservation } from "../../domain/reservation.ts";
import { seatKey } from "../../domain/seat.ts";
import { entriesOf } from "../../domain/wallet.ts";
import { toReservationRow } from "./rows.ts";
import { insertInto, update } from "./table.ts";
import {
  audits,
  buyers,
  ledgerEntries,
  outbox,
  payments,
  refundedTickets,
  refunds,
  reservations,
  reservationSeats,
  seats,
  storedAnswers,
  tickets,
  wallets,
  type BuyerRow,
  type ReservationSeatRow,
  type StoredAnswerRow,
} from "./tables.ts";

const updateBuyers = update(buyers, {
  key: ["userId", "concertId"],
  set: ["endedEpoch", "endedSeq", "endedReason"],
  also: "ended_at = clock_timestamp()",
});
const updateUnpaidHolds = update(buyers, { key: ["userId", "concertId"], set: ["unpaidHolds"] });
const updateReservations = update(reservations, { key: ["reservationId"], set: ["status"] });
const updateReservationSeats = update(reservationSeats, {
  key: ["reservationId", "seatNumber"],
  set: ["live"],
});
const updateSeats = update(seats, {
  key: ["concertId", "date", "seatNumber"],
  set: ["status", "reservationId", "expiresAtMs", "fence"],
});
const updateWallets = update(wallets, { key: ["userId"], set: ["balance"] });
const insertReservations = insertInto(reservations);
const insertReservationSeats = insertInto(reservationSeats);
const insertEntries = insertInto(ledgerEntries, { inOrder: true });
const insertPayments = insertInto(payments);
const insertTickets = insertInto(tickets);
const insertRefunds = insertInto(refunds);
const voidTickets = update(refundedTickets, {
  key: ["ticketId"],
  set: ["refundId"],
  also: "status = 'VOID', version = t.version + 1",
});
const insertAnswers = insertInto(storedAnswers);
const insertOutboxEvents = insertInto(outbox, { inOrder: true });
const insertAudits = insertInto(audits, { inOrder: true });

/** The value of a key in the changes. Throws when the state has none: a bug. */
const present = <V>(value: V | undefined): V => {
  if (value === undefined) throw new Error("a change names a row that the state does not have");
  return value;
};

const toBuyerRow = ({ userId, concertId, ended, raisedBy, unpaidHolds }: Buyer): BuyerRow => ({
  userId,
  concertId,
  endedEpoch: ended.epoch,
  endedSeq: ended.seq,
  endedReason: raisedBy,
  unpaidHolds,
});

const toReservationSeatRows = (
  state: BatchState,
  { reservationId, concertId, date, seatNumbers, prices }: Reservation,
): ReservationSeatRow[] =>
  seatNumbers.map((seatNumber, index) => {
    const seat = present(state.seats.get(seatKey(concertId, date, seatNumber)));
    const live = seat.reservationId === reservationId;
    return { reservationId, concertId, date, seatNumber, price: present(prices[index]), live };
  });

/** A name is a user id of 36 characters, a slash, and the key, which may contain any character. */
const toAnswerRow = (state: BatchState, name: string): StoredAnswerRow => ({
  ...present(state.answers.get(name)),
  userId: name.slice(0, 36) as UserId,
  key: name.slice(37),
});

const saveSeats = async (tx: Queryable, state: BatchState): Promise<void> => {
  const { changes } = state;
  const changed = [...changes.reservations].map((id) => present(state.reservations.get(id)));
  const made = [...changes.newReservations].map((id) => present(state.reservations.get(id)));
  const lost = changes.lostSeats
    .filter((one) => !changes.newReservations.has(one.reservationId))
    .map((one) => ({ ...one, live: false }));
  // Updates that free a seat run before inserts that take it: a unique index is checked at each statement.
  await Promise.all([
    updateReservations(tx, changed),
    updateReservationSeats(tx, lost),
    updateSeats(
      tx,
      [...changes.seats].map((key) => present(state.seats.get(key))),
    ),
    insertReservations(tx, made.map(toReservationRow)),
    insertReservationSeats(
      tx,
      made.flatMap((one) => toReservationSeatRows(state, one)),
    ),
  ]);
};

const saveMoney = async (tx: Queryable, state: BatchState): Promise<void> => {
  const { changes } = state;
  const balances = [...changes.wallets].map((userId) => ({
    userId,
    balance: present(state.wallets.get(userId)),
  }));
  const sold = changes.payments.flatMap(({ paymentId, userId, tickets: made }) =>
    made.map((ticket) => ({ ...ticket, paymentId, userId })),
  );
  const refunded = changes.refunds.flatMap(({ refundId, ticketIds }) =>
    ticketIds.map((ticketId) => ({ ticketId, refundId })),
  );
  await Promise.all([
    updateWallets(tx, balances),
    insertEntries(tx, changes.transfers.flatMap(entriesOf)),
    insertPayments(tx, changes.payments),
    insertTickets(tx, sold),
    insertRefunds(tx, changes.refunds),
    voidTickets(tx, refunded),
  ]);
};

/**
 * Writes everything that a batch has changed. It updates only rows that the load has locked, and the locks
 * guard the uniqueness of the rows that it inserts, so it does not wait for another transaction.
 *
 * Cost: one round trip of at most sixteen statements, however many commands.
 */
export const saveBatch = async (tx: Queryable, state: BatchState): Promise<void> => {
  const { changes } = state;
  await Promise.all([
    saveSeats(tx, state),
    saveMoney(tx, state),
    updateBuyers(
      tx,
      [...changes.buyers].map((key) => toBuyerRow(present(state.buyers.get(key)))),
    ),
    updateUnpaidHolds(
      tx,
      [...changes.unpaidHolds].map((key) => toBuyerRow(present(state.buyers.get(key)))),
    ),
    insertOutboxEvents(tx, changes.outbox),
    insertAnswers(
      tx,
      [...changes.answers].map((name) => toAnswerRow(state, name)),
    ),
    insertAudits(tx, changes.audits),
  ]);
};
