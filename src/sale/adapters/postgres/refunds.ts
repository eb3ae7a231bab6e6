import type { Intent } from "#kernel/idempotency.ts";
import type { ConcertId, MintId, PaymentId, TicketId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import { readClock } from "#platform/postgres/clock.ts";
import { CommitUnknown, type Database, type Queryable } from "#platform/postgres/database.ts";
import { readKeyUse, unlessKeyTaken, useKey } from "#platform/postgres/operator-keys.ts";
import { answerKey, emptyState, hasChanged, type BatchState } from "../../domain/batch-state.ts";
import {
  decideOperatorRefund,
  decideRefund,
  type OperatorRefund,
  type OperatorRefunded,
  type OperatorRefundOutcome,
  type RefundPayment,
} from "../../domain/decide-refund.ts";
import type { Refund, SoldTicket } from "../../domain/refund.ts";
import { seatKey } from "../../domain/seat.ts";
import type { RefundKeyUse, Refunds } from "../../ports/refunds.ts";
import { keyLockOf } from "../key-digest.ts";
import { beginBatch } from "./load-batch.ts";
import { lockConcerts, lockKeys, lockSeats, lockWallets, readAnswers } from "./lock-rows.ts";
import { lockSetOf, type LockSet } from "./lock-set.ts";
import { saveBatch } from "./save-batch.ts";
import { selectList } from "./table.ts";
import { refunds } from "./tables.ts";

/** A check-in, a batch and another refund hold their locks far shorter. */
const lockTimeoutMs = 2000;

const selectSold = `
  select t.ticket_id as "ticketId", t.payment_id as "paymentId", p.reservation_id as "reservationId",
    t.concert_id as "concertId", t.date, t.seat_number as "seatNumber", l.price, p.currency,
    p.user_id as "payerId", t.user_id as "holderId", t.status
  from ticket t
  join payment p using (payment_id)
  join reservation_seat l on l.reservation_id = p.reservation_id and l.seat_number = t.seat_number`;

const locking = "order by t.ticket_id for no key update of t";

/** Locks the tickets in the order of their ids, before all other rows. Each change of a ticket does the same. */
const lockTickets = (tx: Queryable, named: OperatorRefund["named"]): Promise<SoldTicket[]> =>
  "ticketIds" in named
    ? tx.query<SoldTicket>({
        name: "sale-lock-tickets",
        text: `${selectSold} where t.ticket_id = any ($1::uuid[]) ${locking}`,
        values: [named.ticketIds],
      })
    : tx.query<SoldTicket>({
        name: "sale-lock-tickets-of-payments",
        text: `${selectSold} where t.payment_id = any ($1::uuid[]) ${locking}`,
        values: [named.paymentIds],
      });

interface Loaded {
  readonly state: BatchState;
  readonly tickets: readonly SoldTicket[];
  readonly nowMs: InstantMs;
}

/** Names the wallets and seats of the tickets that may be refunded. The seat of a VOID ticket may be another user's. */
const nameRows = (lockSet: LockSet, tickets: readonly SoldTicket[]): void => {
  for (const { concertId, date, seatNumber, payerId, status } of tickets) {
    if (status === "VOID") continue;
    lockSet.wallets.add(payerId);
    lockSet.seats.set(seatKey(concertId, date, seatNumber), { concertId, date, seatNumber });
  }
};

/**
 * Keeps the concert from being cancelled, and locks tickets, their payers' wallets and their seats, in this order. `keyed`: the user and intent of a request whose
 * key is tried first, without a wait. The clock and stored answers are read after the locks.
 */
const load = async (
  tx: Queryable,
  mintId: MintId,
  { concertId, named }: Pick<OperatorRefund, "concertId" | "named">,
  keyed: Pick<RefundPayment, "userId" | "intent"> | null,
): Promise<Loaded> => {
  const state = emptyState(mintId);
  const lockSet = lockSetOf([]);
  lockSet.concerts.add(concertId);
  if (keyed !== null) {
    const { userId, intent } = keyed;
    const lock = keyLockOf(userId, intent.key);
    lockSet.keys.set(answerKey(userId, intent.key), { userId, key: intent.key, lock });
  }
  const [, cancelled, keys, tickets] = await Promise.all([
    beginBatch(tx, lockTimeoutMs),
    lockConcerts(tx, lockSet),
    lockKeys(tx, lockSet),
    lockTickets(tx, named),
  ]);
  for (const { concert_id } of cancelled) state.cancelledConcerts.add(concert_id);
  nameRows(lockSet, tickets);
  const [wallets, seats, answers, nowMs] = await Promise.all([
    lockWallets(tx, lockSet, "wait"),
    lockSeats(tx, lockSet, "wait"),
    readAnswers(tx, lockSet),
    readClock(tx),
  ]);
  for (const [index, name] of [...lockSet.keys.keys()].entries())
    if (keys[index]?.free !== true) state.busyKeys.add(name);
  for (const { userId, balance } of wallets) state.wallets.set(userId, balance);
  for (const seat of seats)
    state.seats.set(seatKey(seat.concertId, seat.date, seat.seatNumber), seat);
  for (const { userId, key, fingerprint, answer } of answers)
    state.answers.set(answerKey(userId, key), { fingerprint, answer });
  return { state, tickets, nowMs };
};

/** A second run finds the effect of a first one that was committed by its key. */
const runAgainIfUnknown = async <Outcome>(run: () => Promise<Outcome>): Promise<Outcome> => {
  try {
    return await run();
  } catch (error) {
    if (error instanceof CommitUnknown) return run();
    throw error;
  }
};

const readUse = (db: Queryable, actor: string, intent: Intent): Promise<RefundKeyUse | null> =>
  readKeyUse<OperatorRefunded>(db, actor, intent);

/** The columns of a refund with the alias `r`. A row is a `Refund`. */
const refundColumns = `${selectList(refunds, "r")}, array(
    select t.ticket_id::text from ticket t where t.refund_id = r.refund_id order by 1
  ) as "ticketIds"`;

const lastUuid = "ffffffff-ffff-ffff-ffff-ffffffffffff";

const readOpen = async (
  database: Database,
  concertId: ConcertId,
  limit: number,
): Promise<readonly TicketId[]> => {
  const rows = await database.query<{ ticketId: TicketId }>({
    name: "sale-open-tickets",
    text: `select ticket_id as "ticketId" from ticket
      where concert_id = $1 and status <> 'VOID' order by date, seat_number limit $2`,
    values: [concertId, limit],
  });
  return rows.map(({ ticketId }) => ticketId);
};

const readTickets = async (database: Database, paymentId: PaymentId) => {
  const rows = await database.query<SoldTicket & { readonly now: InstantMs }>({
    name: "sale-tickets-of-payment",
    text: `select sold.*, clock_timestamp() as now
      from (${selectSold} where t.payment_id = $1) as sold order by sold."ticketId"`,
    values: [paymentId],
  });
  const nowMs = Math.max(0, ...rows.map(({ now }) => now));
  return { found: rows.map(({ now: _, ...ticket }) => ticket), nowMs };
};

const listRefunds: (database: Database) => Refunds["list"] =
  (database) =>
  (paymentId, { limit, after }) =>
    database.query<Refund>({
      name: "sale-list-refunds",
      text: `select ${refundColumns} from refund r
        where r.payment_id = $1 and r.refund_id < $2 order by r.refund_id desc limit $3`,
      values: [paymentId, after ?? lastUuid, limit],
    });

/** The refunds in PostgreSQL. Lock order: tickets, wallets, seats; each by its key. */
export const pgRefunds = (options: {
  readonly database: Database;
  readonly mintId: MintId;
}): Refunds => {
  const { database, mintId } = options;

  const refundForBuyer: Refunds["forBuyer"] = (command) =>
    database.transaction(async (tx) => {
      const { concertId, paymentId } = command;
      const named = { concertId, named: { paymentIds: [paymentId] } };
      const { state, tickets, nowMs } = await load(tx, mintId, named, command);
      const outcome = decideRefund(state, command, tickets, nowMs);
      if (hasChanged(state)) await saveBatch(tx, state);
      return outcome;
    });

  const refundForOperator = (
    command: OperatorRefund,
    intent: Intent | null,
  ): Promise<OperatorRefundOutcome | RefundKeyUse> =>
    database.transaction(async (tx) => {
      const { state, tickets, nowMs } = await load(tx, mintId, command, null);
      // The first request with the key has locked the same tickets, so it has ended by now.
      const earlier = intent && (await readUse(tx, command.actor, intent));
      if (earlier !== null) return earlier;
      const outcome = decideOperatorRefund(state, command, tickets, nowMs);
      if (outcome.kind !== "refunded-in-full") return outcome;
      await saveBatch(tx, state);
      const { actor, concertId } = command;
      if (intent !== null) await useKey(tx, actor, { intent, concertId, answer: outcome });
      return outcome;
    });

  const unlessTaken = <Result>(transaction: Promise<Result>) =>
    unlessKeyTaken<Result, OperatorRefunded>(database, transaction);

  return {
    forBuyer: (command) => runAgainIfUnknown(() => refundForBuyer(command)),
    byOperator: (command, intent) =>
      intent === null
        ? refundForOperator(command, null)
        : runAgainIfUnknown(() => unlessTaken(refundForOperator(command, intent))),
    findKeyUse: (actor, intent) => readUse(database, actor, intent),
    storeAnswer: (actor, intent, concertId, answer) =>
      unlessTaken(useKey(database, actor, { intent, concertId, answer }).then(() => answer)),
    open: (concertId, limit) => readOpen(database, concertId, limit),
    tickets: (paymentId) => readTickets(database, paymentId),
    list: listRefunds(database),
  };
};
