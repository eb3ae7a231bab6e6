import type { MintId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import {
  answerKey,
  buyerKey,
  emptyState,
  knowReservation,
  type BatchState,
} from "../../domain/batch-state.ts";
import type { Command } from "../../domain/commands.ts";
import { seatKey, type Seat } from "../../domain/seat.ts";
import {
  lockBuyers,
  lockKeys,
  lockSeats,
  lockWallets,
  readAnswers,
  readPayments,
  readReservations,
  type Patience,
} from "./lock-rows.ts";
import { readApplied } from "./read-applied.ts";
import { toPayment, toReservation } from "./rows.ts";
import { wantedBy, type Wanted } from "./wanted.ts";

export type { Patience } from "./lock-rows.ts";

/**
 * The transaction's first statement: it goes with BEGIN, so that all that follow go in order.
 *
 * Every statement here names its rows by key. A prepared plan outlives the statistics it was made with:
 * one that was made while a table was empty would read the whole of it ever after (measured: 38 ms
 * instead of 2 for a payment among 30,000 reservations), so the planner is told to go by the indexes.
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
  readonly patience: Patience;
  /** How long a statement of the transaction may wait for a lock. */
  readonly lockTimeoutMs: number;
  /** An earlier try of these commands may have been committed: look for its effects first. */
  readonly uncertain: boolean;
  readonly mintId: MintId;
}

export interface Loaded {
  readonly state: BatchState;
  /** The database's clock after all locks were taken. */
  readonly nowMs: InstantMs;
}

/** Asks for what is wanted; of nothing there are no rows, and no statement. */
const askWhen = <Row>(
  isWanted: boolean,
  ask: () => Promise<readonly Row[]>,
): Promise<readonly Row[]> => (isWanted ? ask() : Promise.resolve([]));

/**
 * Everything in one round trip. Called one after the other without waiting: the connection sends the
 * statements as one pipeline, in this order.
 */
const readAll = async (tx: Queryable, wanted: Wanted, { patience, lockTimeoutMs }: LoadOptions) => {
  const hasKeys = wanted.keys.size > 0;
  const hasBuyers = wanted.buyers.size + wanted.reservations.size > 0;
  const [, keys, buyers, reservations, seats, wallets, answers, payments] = await Promise.all([
    beginBatch(tx, lockTimeoutMs),
    askWhen(hasKeys, () => lockKeys(tx, wanted)),
    askWhen(hasBuyers, () => lockBuyers(tx, wanted, patience)),
    askWhen(hasBuyers, () => readReservations(tx, wanted)),
    askWhen(hasBuyers, () => lockSeats(tx, wanted, patience)),
    askWhen(wanted.wallets.size > 0, () => lockWallets(tx, wanted, patience)),
    askWhen(hasKeys, () => readAnswers(tx, wanted)),
    askWhen(wanted.paid.size > 0, () => readPayments(tx, [...wanted.paid])),
  ]);
  return { keys, buyers, reservations, seats, wallets, answers, payments };
};

type Rows = Awaited<ReturnType<typeof readAll>>;

const toSeat = (row: Rows["seats"][number]): Seat => ({
  concertId: row.concert_id,
  date: row.date,
  seatNumber: row.seat_number,
  price: row.price,
  status: row.status,
  reservationId: row.reservation_id,
  expiresAtMs: row.expires_at,
  fence: row.fence,
});

const fill = (state: BatchState, wanted: Wanted, rows: Rows): void => {
  [...wanted.keys.keys()].forEach((name, index) => {
    if (rows.keys[index]?.free !== true) state.busyKeys.add(name);
  });
  for (const row of rows.buyers) {
    state.buyers.set(buyerKey(row.user_id, row.concert_id), {
      userId: row.user_id,
      concertId: row.concert_id,
      ended: { epoch: row.ended_epoch, seq: row.ended_seq },
      raisedBy: null,
    });
  }
  for (const row of rows.reservations) knowReservation(state, toReservation(row));
  for (const row of rows.seats) {
    state.seats.set(seatKey(row.concert_id, row.date, row.seat_number), toSeat(row));
  }
  for (const row of rows.wallets) state.wallets.set(row.user_id, row.balance);
  for (const { user_id, key, fingerprint, answer } of rows.answers) {
    state.answers.set(answerKey(user_id, key), { fingerprint, answer });
  }
  for (const row of rows.payments) state.payments.set(row.reservation_id, toPayment(row));
};

/**
 * Locks what the commands name and reads what they are decided on, in one round trip of at most nine
 * statements. What is not locked is read in later statements than the locks: a statement that waited
 * for a lock does not see what was inserted meanwhile. The clock is read last.
 */
export const loadBatch = async (
  tx: Queryable,
  commands: readonly Command[],
  how: LoadOptions,
): Promise<Loaded> => {
  const wanted = wantedBy(commands);
  const state = emptyState(how.mintId);
  const [rows, , nowMs] = await Promise.all([
    readAll(tx, wanted, how),
    how.uncertain ? readApplied(tx, commands, state) : undefined,
    readClock(tx),
  ]);
  fill(state, wanted, rows);
  return { state, nowMs };
};
