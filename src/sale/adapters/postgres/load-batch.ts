import type { MintId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import {
  answerKey,
  buyerKey,
  emptyState,
  putReservation,
  type BatchState,
} from "../../domain/batch-state.ts";
import type { Command } from "../../domain/commands.ts";
import { seatKey } from "../../domain/seat.ts";
import {
  lockBuyers,
  lockKeys,
  lockSeats,
  lockWallets,
  readAnswers,
  readPayments,
  readReservations,
  type LockWait,
} from "./lock-rows.ts";
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
const beginBatch = (tx: Queryable, lockTimeoutMs: number) =>
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

const readClock = async (tx: Queryable): Promise<InstantMs> => {
  const [row] = await tx.query<{ now: InstantMs }>({
    name: "sale-read-clock",
    text: "select clock_timestamp() as now",
  });
  if (!row) throw new Error("the clock did not answer");
  return row.now;
};

export interface LoadOptions {
  readonly lockWait: LockWait;
  /** How long a statement of the transaction may wait for a lock, in ms. */
  readonly lockTimeoutMs: number;
  /** True when an earlier try of a command may have been committed: the load looks for its effects first. */
  readonly uncertain: boolean;
  readonly mintId: MintId;
}

export interface Loaded {
  readonly state: BatchState;
  /** The database's clock after all locks were taken. */
  readonly nowMs: InstantMs;
}

/** Runs the query if the lock set has rows for it; else there are no rows, and no statement is sent. */
const queryIf = <Row>(
  hasRows: boolean,
  query: () => Promise<readonly Row[]>,
): Promise<readonly Row[]> => (hasRows ? query() : Promise.resolve([]));

/**
 * Locks and reads in one round trip: no call waits for the one before, so the connection sends all
 * statements as one pipeline, in this order.
 */
const readAll = async (
  tx: Queryable,
  lockSet: LockSet,
  { lockWait, lockTimeoutMs }: LoadOptions,
) => {
  const hasKeys = lockSet.keys.size > 0;
  const hasBuyers = lockSet.buyers.size + lockSet.reservations.size > 0;
  const [, keys, buyers, reservations, seats, wallets, answers, payments] = await Promise.all([
    beginBatch(tx, lockTimeoutMs),
    queryIf(hasKeys, () => lockKeys(tx, lockSet)),
    queryIf(hasBuyers, () => lockBuyers(tx, lockSet, lockWait)),
    queryIf(hasBuyers, () => readReservations(tx, lockSet)),
    queryIf(hasBuyers, () => lockSeats(tx, lockSet, lockWait)),
    queryIf(lockSet.wallets.size > 0, () => lockWallets(tx, lockSet, lockWait)),
    queryIf(hasKeys, () => readAnswers(tx, lockSet)),
    queryIf(lockSet.toPay.size > 0, () => readPayments(tx, [...lockSet.toPay])),
  ]);
  return { keys, buyers, reservations, seats, wallets, answers, payments };
};

type Rows = Awaited<ReturnType<typeof readAll>>;

const fill = (state: BatchState, lockSet: LockSet, rows: Rows): void => {
  [...lockSet.keys.keys()].forEach((name, index) => {
    if (rows.keys[index]?.free !== true) state.busyKeys.add(name);
  });
  for (const { userId, concertId, endedEpoch: epoch, endedSeq: seq, unpaidHolds } of rows.buyers) {
    const buyer = { userId, concertId, ended: { epoch, seq }, raisedBy: null, unpaidHolds };
    state.buyers.set(buyerKey(userId, concertId), buyer);
  }
  for (const row of rows.reservations) putReservation(state, toReservation(row));
  for (const seat of rows.seats) {
    state.seats.set(seatKey(seat.concertId, seat.date, seat.seatNumber), seat);
  }
  for (const { userId, balance } of rows.wallets) state.wallets.set(userId, balance);
  for (const { userId, key, fingerprint, answer } of rows.answers) {
    state.answers.set(answerKey(userId, key), { fingerprint, answer });
  }
  for (const payment of rows.payments) state.payments.set(payment.reservationId, payment);
};

/**
 * Locks the rows that the commands name and reads the state that they are decided on.
 *
 * Rows without a lock are read in later statements than the locks: under READ COMMITTED, a statement that
 * waited for a lock does not see rows that were inserted meanwhile. The clock is read last, so that a
 * command never accepts a hold that lapsed while it waited.
 *
 * Cost: one round trip of at most ten statements with BEGIN, thirteen after a COMMIT whose answer was lost, however many commands.
 */
export const loadBatch = async (
  tx: Queryable,
  commands: readonly Command[],
  how: LoadOptions,
): Promise<Loaded> => {
  const lockSet = lockSetOf(commands);
  const state = emptyState(how.mintId);
  const [rows, , nowMs] = await Promise.all([
    readAll(tx, lockSet, how),
    how.uncertain ? readApplied(tx, commands, state) : undefined,
    readClock(tx),
  ]);
  fill(state, lockSet, rows);
  return { state, nowMs };
};
