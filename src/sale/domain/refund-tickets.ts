import type { UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import { credit, type Money } from "#kernel/money.ts";
import { replaceSeat, type BatchState } from "./batch-state.ts";
import type { OperatorNote } from "./commands.ts";
import { transferMoney } from "./decide-money.ts";
import type { Refund, SoldTicket } from "./refund.ts";
import { freeSeat, seatKey, type Seat } from "./seat.ts";

export interface RefundHow {
  feeOf(ticket: SoldTicket): Money;
  readonly nowMs: InstantMs;
  /** Null: the buyer asked for it. */
  readonly note: OperatorNote | null;
}

/** The seat of a ticket. Throws when the ticket's reservation does not own it: a bug. */
const seatOf = (state: BatchState, ticket: SoldTicket): Seat => {
  const { concertId, date, seatNumber, reservationId } = ticket;
  const seat = state.seats.get(seatKey(concertId, date, seatNumber));
  if (seat?.status !== "SOLD" || seat.reservationId !== reservationId)
    throw new Error("a ticket that is not VOID without its sold seat");
  return seat;
};

const balanceOf = (state: BatchState, userId: UserId): Money => {
  const balance = state.wallets.get(userId);
  if (balance === undefined) throw new Error("a payer without a wallet");
  return balance;
};

/** Moves the money. The wallet gets the whole amount before it pays the fee, or PAYABLE does both. */
const moveMoney = (
  state: BatchState,
  refund: Pick<Refund, "refundId" | "userId" | "concertId" | "amount" | "fee">,
  atMs: InstantMs,
): Pick<Refund, "balance" | "payable"> => {
  const { refundId, userId, concertId, amount, fee } = refund;
  const before = balanceOf(state, userId);
  const credited = credit(before, amount);
  const after = credited === null ? null : credited - fee;
  const transfer = { transferId: refundId, userId, concertId, atMs };
  transferMoney(state, { ...transfer, type: "REFUND", amount, balance: credited });
  if (fee > 0) transferMoney(state, { ...transfer, type: "FEE", amount: fee, balance: after });
  return { balance: after ?? before, payable: after === null ? amount - fee : 0 };
};

const refundPayment = (
  state: BatchState,
  tickets: readonly SoldTicket[],
  { feeOf, nowMs, note }: RefundHow,
): readonly Refund[] => {
  const [first] = tickets;
  if (first === undefined) return [];
  for (const ticket of tickets) replaceSeat(state, freeSeat(seatOf(state, ticket)));
  const { paymentId, payerId: userId, concertId, currency } = first;
  const moved = {
    refundId: state.mintId<"refund">(),
    paymentId,
    userId,
    concertId,
    ticketIds: tickets.map(({ ticketId }) => ticketId),
    amount: tickets.reduce((sum, { price }) => sum + price, 0),
    fee: tickets.reduce((sum, ticket) => sum + feeOf(ticket), 0),
  };
  const refund: Refund = {
    ...moved,
    ...moveMoney(state, moved, nowMs),
    currency,
    refundedAtMs: nowMs,
    actor: note?.actor ?? null,
    reason: note?.reason ?? null,
  };
  state.changes.refunds.push(refund);
  return [refund];
};

/**
 * Refunds tickets that are not VOID: money goes back to their payers, the tickets are VOID, their seats are free. One
 * refund for each payment. `state` has the locked wallets of the payers and the locked seats.
 */
export const refundTickets = (
  state: BatchState,
  tickets: readonly SoldTicket[],
  how: RefundHow,
): readonly Refund[] =>
  [...Map.groupBy(tickets, ({ paymentId }) => paymentId).values()].flatMap((ofPayment) =>
    refundPayment(state, ofPayment, how),
  );
