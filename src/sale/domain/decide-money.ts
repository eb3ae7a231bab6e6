import type { InstantMs } from "#kernel/instant.ts";
import { credit, debit, type Money } from "#kernel/money.ts";
import { comparePlaces, type PlaceMark } from "#kernel/place.ts";
import {
  buyerKey,
  endPlace,
  replaceReservation,
  replaceSeat,
  seatsOwnedBy,
  type BatchState,
} from "./batch-state.ts";
import type { Charge, ChargeOutcome, Paid, Pay, PayOutcome } from "./commands.ts";
import { makeTickets, type Payment } from "./payment.ts";
import { findKeyOutcome, storeAnswer } from "./stored-answer.ts";
import { changeReservation, reservationStatusAt, type Reservation } from "./reservation.ts";
import { sellSeat } from "./seat.ts";

/** Books the transfer, and gives the wallet its balance after it. */
export const transferMoney = (
  state: BatchState,
  transfer: Omit<BatchState["changes"]["transfers"][number], "entryIds">,
): void => {
  const { mintId, wallets, changes } = state;
  if (transfer.balance !== null) {
    wallets.set(transfer.userId, transfer.balance);
    changes.wallets.add(transfer.userId);
  }
  changes.transfers.push({ ...transfer, entryIds: [mintId<"entry">(), mintId<"entry">()] });
};

/** Adds an operator's charge to the audit trail: the user, the balance before and after, and the reason. */
const auditCharge = (state: BatchState, command: Charge, balance: Money): void => {
  const { onBehalf, chargeId, userId, amount } = command;
  if (onBehalf === undefined) return;
  state.changes.audits.push({
    actor: onBehalf.actor,
    action: "balance.charged",
    concertId: null,
    before: { userId, balance: balance - amount },
    after: { chargeId, amount, balance, reason: onBehalf.reason },
  });
};

/**
 * Adds money to the wallet. An operator's charge is written to the audit trail.
 *
 * Outcomes, first that applies:
 * - `replayed`, `key-reused`, `key-in-progress`  the key was used before
 * - `balance-limit-exceeded`  the balance would exceed 2^53-1
 * - `charged`                 with the balance after the charge
 */
export const decideCharge = (
  state: BatchState,
  command: Charge,
  nowMs: InstantMs,
): ChargeOutcome => {
  const known = findKeyOutcome(state, command);
  if (known) return known;
  const { chargeId, userId, amount, currency } = command;
  const balance = credit(state.wallets.get(userId) ?? 0, amount);
  if (balance === null) return { kind: "balance-limit-exceeded" };
  transferMoney(state, {
    type: "CHARGE",
    transferId: chargeId,
    userId,
    concertId: null,
    amount,
    balance,
    atMs: nowMs,
  });
  auditCharge(state, command, balance);
  const chargedAtMs = nowMs;
  return storeAnswer(state, command, {
    kind: "charged",
    chargeId,
    userId,
    amount,
    balance,
    currency,
    chargedAtMs,
  });
};

const endPlaceOfBuyer = (state: BatchState, command: Pay, reservation: Reservation): PlaceMark => {
  const { userId, concertId } = reservation;
  const buyer = state.buyers.get(buyerKey(userId, concertId));
  if (!buyer) throw new Error("a reservation without its buyer row");
  const { epoch, seq } =
    comparePlaces(command.place, reservation.place) >= 0 ? command.place : reservation.place;
  endPlace(state, buyer, { epoch, seq }, "PAID");
  const content = { epoch, seq, reason: "PAID" as const };
  state.changes.outbox.push({ topic: "place-ended", concertId, userId, content });
  return { epoch, seq };
};

const recordPayment = (
  state: BatchState,
  command: Pay,
  reservation: Reservation,
  money: { readonly balance: number; readonly nowMs: InstantMs },
): Paid => {
  const { paymentId } = command;
  const { userId, concertId, amount, currency, reservationId } = reservation;
  const payment: Payment = {
    paymentId,
    reservationId,
    userId,
    concertId,
    amount,
    currency,
    balance: money.balance,
    paidAtMs: money.nowMs,
    tickets: makeTickets(reservation, state.mintId),
  };
  transferMoney(state, {
    type: "PAYMENT",
    transferId: paymentId,
    userId,
    concertId,
    amount,
    balance: money.balance,
    atMs: money.nowMs,
  });
  for (const seat of seatsOwnedBy(state, reservation)) replaceSeat(state, sellSeat(seat));
  replaceReservation(state, changeReservation(reservation, "paid"));
  state.payments.set(reservationId, payment);
  state.changes.payments.push(payment);
  return { kind: "paid", payment, ended: endPlaceOfBuyer(state, command, reservation) };
};

const payHeld = (
  state: BatchState,
  command: Pay,
  reservation: Reservation,
  nowMs: InstantMs,
): PayOutcome => {
  const { amount, seatNumbers } = reservation;
  const lapsed = reservationStatusAt(reservation, nowMs) === "EXPIRED";
  if (lapsed || seatsOwnedBy(state, reservation).length < seatNumbers.length) {
    return { kind: "expired" };
  }
  const before = state.wallets.get(command.userId) ?? 0;
  const balance = debit(before, amount);
  if (balance === null) return { kind: "insufficient-balance", balance: before, amount };
  return storeAnswer(
    state,
    command,
    recordPayment(state, command, reservation, { balance, nowMs }),
  );
};

/** The payment of a CONFIRMED reservation. Throws when it was not loaded: a bug. */
const paymentOf = (state: BatchState, { reservationId }: Reservation): Payment => {
  const payment = state.payments.get(reservationId);
  if (!payment) throw new Error("a confirmed reservation without its payment");
  return payment;
};

/**
 * Pays a reservation: moves the money, sells the seats, makes the tickets and ends the place.
 *
 * Outcomes, first that applies:
 * - `token-mismatch`        the user's own reservation, but of another concert than the token's
 * - `replayed`, `key-reused`, `key-in-progress`  the key was used before
 * - `not-found`             no such reservation, or another user's
 * - `already-paid`          with the same payment
 * - `concert-cancelled`
 * - `not-payable`           the reservation was cancelled
 * - `expired`               the hold has lapsed, or one of the seats belongs to another reservation now
 * - `insufficient-balance`  with the balance and the amount
 * - `paid`                  the later of the token's place and the reservation's place has ended: PAID
 */
export const decidePay = (state: BatchState, command: Pay, nowMs: InstantMs): PayOutcome => {
  const reservation = state.reservations.get(command.reservationId);
  const own = reservation?.userId === command.userId ? reservation : undefined;
  if (own && own.concertId !== command.concertId) return { kind: "token-mismatch" };

  const known = findKeyOutcome(state, command);
  if (known) return known;
  if (!own) return { kind: "not-found" };

  if (own.status === "CONFIRMED")
    return storeAnswer(state, command, { kind: "already-paid", payment: paymentOf(state, own) });
  if (state.cancelledConcerts.has(own.concertId)) return { kind: "concert-cancelled" };
  switch (own.status) {
    case "CANCELLED":
      return { kind: "not-payable" };
    case "EXPIRED":
      return { kind: "expired" };
    case "HELD":
      return payHeld(state, command, own, nowMs);
  }
};
