import type { MintId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import { readClock } from "#platform/postgres/clock.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import {
  answerKey,
  buyerKey,
  emptyState,
  gradeKey,
  markFree,
  putReservation,
  showKey,
  type BatchState,
  type NumberedSeat,
} from "../../domain/batch-state.ts";
import type { Command } from "../../domain/commands.ts";
import { setFree } from "../../domain/free-seats.ts";
import { seatKey, seatStatusAt } from "../../domain/seat.ts";
import {
  lockBuyers,
  lockConcerts,
  lockKeys,
  lockSeats,
  lockWallets,
  readAnswers,
  readPayments,
  readReservations,
  type LockWait,
} from "./lock-rows.ts";
import type { KnownShows } from "./known-shows.ts";
import { lockShows, readShowSeats, rememberOwn, toShowSeats } from "./lock-shows.ts";
import { readApplied } from "./read-applied.ts";
import { toReservation } from "./rows.ts";
import { lockSetOf, type LockSet } from "./lock-set.ts";

export type { LockWait } from "./lock-rows.ts";

/**
 * The first statement of the transaction. It is sent together with BEGIN.
 *
 * Every statement of a batch names its rows by key. PostgreSQL keeps a prepared plan after the statistics
 * have changed: a plan made while a table was empty would go on to read the whole table (measured: 38 ms
 * instead of 2 ms for a payment among 30,000 reservations). So the settings allow index plans only.
 */
export const beginBatch = (tx: Queryable, lockTimeoutMs: number) =>
  tx.query({
    name: "sale-begin-batch",
    text: `
      select
        set_config('lock_timeout', $1, true),
        set_config('enable_seqscan', 'off', true),
        set_config('enable_hashjoin', 'off', true),
        set_config('enable_mergejoin', 'off', true)`,
    values: [`${Math.max(1, Math.floor(lockTimeoutMs))}ms`],
  });

export interface LoadOptions {
  readonly lockWait: LockWait;
  /** How long a statement of the transaction may wait for a lock, in ms. */
  readonly lockTimeoutMs: number;
  /** True when an earlier try of a command may have been committed: the load looks for its effects first. */
  readonly uncertain: boolean;
  readonly mintId: MintId;
  /** The seats of shows as earlier batches have left them. */
  readonly knownShows: KnownShows;
}

export interface Loaded {
  readonly state: BatchState;
  /** The database's clock after all locks were taken. */
  readonly nowMs: InstantMs;
  /** The same state with these seats too, which were chosen on it; only for a batch that chooses seats. */
  again(chosen: readonly NumberedSeat[]): Promise<Loaded>;
  /** Remembers the changes of the state for the next batch; only after their commit. */
  committed(): void;
}

/** Runs the query if the lock set has rows for it; else there are no rows, and no statement is sent. */
const queryIf = <Row>(
  hasRows: boolean,
  query: () => Promise<readonly Row[]>,
): Promise<readonly Row[]> => (hasRows ? query() : Promise.resolve([]));

/** The rows that are locked or read once. */
const readOnce = async (
  tx: Queryable,
  lockSet: LockSet,
  { lockWait, lockTimeoutMs }: LoadOptions,
) => {
  const hasKeys = lockSet.keys.size > 0;
  const hasBuyers = lockSet.buyers.size + lockSet.reservations.size > 0;
  const [, cancelled, keys, buyers, reservations, shows, wallets, answers, payments] =
    await Promise.all([
      beginBatch(tx, lockTimeoutMs),
      queryIf(lockSet.concerts.size > 0, () => lockConcerts(tx, lockSet)),
      queryIf(hasKeys, () => lockKeys(tx, lockSet)),
      queryIf(hasBuyers, () => lockBuyers(tx, lockSet, lockWait)),
      queryIf(hasBuyers, () => readReservations(tx, lockSet)),
      queryIf(lockSet.shows.size > 0, () => lockShows(tx, lockSet)),
      queryIf(lockSet.wallets.size > 0, () => lockWallets(tx, lockSet, lockWait)),
      queryIf(hasKeys, () => readAnswers(tx, lockSet)),
      queryIf(lockSet.toPay.size > 0, () => readPayments(tx, [...lockSet.toPay])),
    ]);
  return { cancelled, keys, buyers, reservations, shows, wallets, answers, payments };
};

/** The seats of the commands, locked, and all seats of the shows in which seats are chosen, as they are committed. */
const readSeats = async (
  tx: Queryable,
  lockSet: LockSet,
  { lockWait, knownShows }: LoadOptions,
) => {
  const hasBuyers = lockSet.buyers.size + lockSet.reservations.size > 0;
  const [seats, shows, nowMs] = await Promise.all([
    queryIf(hasBuyers, () => lockSeats(tx, lockSet, lockWait)),
    readShowSeats(tx, lockSet, knownShows),
    readClock(tx),
  ]);
  return { seats, shows, nowMs };
};

type ReadOnce = Awaited<ReturnType<typeof readOnce>>;
type Seats = Awaited<ReturnType<typeof readSeats>>;

const withSeats = (lockSet: LockSet, chosen: readonly NumberedSeat[]): LockSet => ({
  ...lockSet,
  seats: new Map([
    ...lockSet.seats,
    ...chosen.map((seat) => [seatKey(seat.concertId, seat.date, seat.seatNumber), seat] as const),
  ]),
});

/**
 * Locks all seats anew, sorted, with those that were chosen on `last`: a transaction never waits for a seat while it
 * has a higher one. As long as the chosen seats are free, the choice stands on the shows as they were read. Otherwise
 * they are read again: a refusal must be true of one moment.
 */
const lockChosen = async (
  tx: Queryable,
  lockSet: LockSet,
  { lockWait, knownShows }: LoadOptions,
  last: Seats & { readonly chosen: readonly NumberedSeat[] },
): Promise<Seats> => {
  const [, seats, nowMs] = await Promise.all([
    tx.query({ text: "rollback to savepoint before_seats" }),
    lockSeats(tx, withSeats(lockSet, last.chosen), lockWait),
    readClock(tx),
  ]);
  const free = new Set(
    seats
      .filter((seat) => seatStatusAt(seat, nowMs) === "AVAILABLE")
      .map(({ concertId, date, seatNumber }) => seatKey(concertId, date, seatNumber)),
  );
  const areFree = last.chosen.every(({ concertId, date, seatNumber }) =>
    free.has(seatKey(concertId, date, seatNumber)),
  );
  return {
    seats,
    nowMs,
    shows: areFree ? last.shows : await readShowSeats(tx, lockSet, knownShows),
  };
};

const fill = (state: BatchState, lockSet: LockSet, rows: ReadOnce): void => {
  [...lockSet.keys.keys()].forEach((name, index) => {
    if (rows.keys[index]?.free !== true) state.busyKeys.add(name);
  });
  for (const { concert_id } of rows.cancelled) state.cancelledConcerts.add(concert_id);
  for (const { userId, concertId, endedEpoch: epoch, endedSeq: seq, unpaidHolds } of rows.buyers) {
    const buyer = { userId, concertId, ended: { epoch, seq }, raisedBy: null, unpaidHolds };
    state.buyers.set(buyerKey(userId, concertId), buyer);
  }
  for (const row of rows.reservations) putReservation(state, toReservation(row));
  for (const { userId, balance } of rows.wallets) state.wallets.set(userId, balance);
  for (const { userId, key, fingerprint, answer } of rows.answers) {
    state.answers.set(answerKey(userId, key), { fingerprint, answer });
  }
  for (const payment of rows.payments) state.payments.set(payment.reservationId, payment);
};

/** Adds the seats. A chosen seat without a row is locked by another transaction: it is not free for now. */
const fillSeats = (
  state: BatchState,
  { seats, shows, nowMs }: Seats,
  chosen: readonly NumberedSeat[],
): void => {
  for (const row of shows) state.shows.set(showKey(row.concertId, row.date), toShowSeats(row));
  for (const { price, ...seat } of seats) {
    if (price !== null) state.prices.set(gradeKey(seat.concertId, seat.grade), price);
    state.seats.set(seatKey(seat.concertId, seat.date, seat.seatNumber), seat);
    markFree(state, seat, seatStatusAt(seat, nowMs) === "AVAILABLE");
  }
  for (const { concertId, date, seatNumber } of chosen) {
    const show = state.shows.get(showKey(concertId, date));
    const isLocked = state.seats.has(seatKey(concertId, date, seatNumber));
    if (show !== undefined && !isLocked) setFree(show.free, seatNumber - 1, false);
  }
};

/**
 * Locks the rows that the commands name and reads the state that they are decided on.
 *
 * Rows without a lock are read in later statements than the locks: under READ COMMITTED, a statement that
 * waited for a lock does not see rows that were inserted meanwhile. The clock is read last, so that a
 * command never accepts a hold that lapsed while it waited.
 *
 * Cost: one round trip of at most fourteen statements with BEGIN, seventeen after a COMMIT whose answer was lost,
 * however many commands. Each call of `again` is one more of three, and another when others took a chosen seat.
 */
export const loadBatch = async (
  tx: Queryable,
  commands: readonly Command[],
  how: LoadOptions,
): Promise<Loaded> => {
  const lockSet = lockSetOf(commands);
  // Known again in each state that the batch is decided on.
  const { applied, choices } = emptyState(how.mintId);
  // No call waits for the one before, so the connection sends all statements as one pipeline, in this order.
  const [once, , first] = await Promise.all([
    readOnce(tx, lockSet, how),
    lockSet.shows.size > 0 ? tx.query({ text: "savepoint before_seats" }) : undefined,
    readSeats(tx, lockSet, how),
    how.uncertain ? readApplied(tx, commands, { applied }) : undefined,
  ]);
  const loaded = (rows: Seats, chosen: readonly NumberedSeat[]): Loaded => {
    const state = { ...emptyState(how.mintId), applied, choices };
    fill(state, lockSet, once);
    fillSeats(state, rows, chosen);
    return {
      state,
      nowMs: rows.nowMs,
      async again(more) {
        const all = [...chosen, ...more];
        return loaded(await lockChosen(tx, lockSet, how, { ...rows, chosen: all }), all);
      },
      committed() {
        const [show] = once.shows;
        if (show !== undefined) rememberOwn(how.knownShows, rows.shows, show.xid, state);
      },
    };
  };
  return loaded(first, []);
};
