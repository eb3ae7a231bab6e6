import type { Static, TSchema } from "typebox";
import { areTogether, seatLabel, type SeatingPlan } from "#kernel/seating-plan.ts";
import { toRfc3339, type InstantMs } from "#kernel/instant.ts";
import type { SuccessOf } from "#platform/http/route.ts";
import type { Charged, Success } from "../../domain/commands.ts";
import type { Payment } from "../../domain/payment.ts";
import type { Reservation } from "../../domain/reservation.ts";
import type { PaymentWithRefunds, WalletEntry } from "../../ports/records.ts";
import type { PlanOf } from "../../ports/seating-plans.ts";
import type {
  chargeAnswers,
  payAnswers,
  PaymentAnswer,
  ReservationAnswer,
  reserveAnswers,
} from "./shapes.ts";

/** The fields of a view. A field that the answer's schema does not have fails to compile. */
type ShownIn<Answer extends TSchema, View> = {
  readonly [Field in keyof View]: Field extends keyof Static<Answer> ? View[Field] : never;
};

/** The seats of a reservation with their names. An answer that an older release has stored has no prices. */
const seatsView = (plan: SeatingPlan, { seatNumbers, prices, amount }: Reservation) => {
  const stored: Reservation["prices"] | undefined = prices;
  return seatNumbers.map((seatNumber, index) => ({
    seatNumber,
    ...seatLabel(plan, seatNumber),
    price: stored?.[index] ?? Math.round(amount / seatNumbers.length),
  }));
};

/** *reservation* of the contract. */
export const reservationView = (
  plan: SeatingPlan,
  reservation: Reservation,
  nowMs: InstantMs = reservation.heldAtMs,
) => {
  const { place: _, prices: __, refundedSeats: ___, heldAtMs, expiresAtMs, ...shown } = reservation;
  return {
    ...(shown satisfies ShownIn<typeof ReservationAnswer, typeof shown>),
    seats: seatsView(plan, reservation),
    together: areTogether(plan, reservation.seatNumbers),
    ...timesView(heldAtMs, expiresAtMs, nowMs),
  };
};

const timesView = (heldAtMs: InstantMs, expiresAtMs: InstantMs, nowMs: InstantMs) => ({
  heldAt: toRfc3339(heldAtMs),
  expiresAt: toRfc3339(expiresAtMs),
  serverTime: toRfc3339(nowMs),
});

/** *payment* of the contract. */
export const paymentView = (plan: SeatingPlan, payment: Payment) => {
  const { concertId: _, paidAtMs, tickets, ...shown } = payment;
  return {
    ...(shown satisfies ShownIn<typeof PaymentAnswer, typeof shown>),
    tickets: tickets.map((ticket) => ({ ...ticket, ...seatLabel(plan, ticket.seatNumber) })),
    paidAt: toRfc3339(paidAtMs),
  };
};

/** A payment for operators, with what was refunded of it. */
export const paymentWithRefundsView = (
  plan: SeatingPlan,
  { refunded, fees, refundableTicketIds, ...payment }: PaymentWithRefunds,
) => ({ ...paymentView(plan, payment), refunded, fees, refundableTicketIds });

/** *ledger entry* of the contract. */
export const entryView = (entry: WalletEntry) => ({
  entryId: entry.entryId,
  type: entry.type,
  amount: entry.amount,
  balance: entry.balance,
  referenceId: entry.transferId,
  createdAt: toRfc3339(entry.createdAtMs),
});

const chargeView = ({ kind: _, chargedAtMs, ...shown }: Charged) => ({
  ...(shown satisfies ShownIn<(typeof chargeAnswers)[201], typeof shown>),
  chargedAt: toRfc3339(chargedAtMs),
});

export const otherCommand = ({ kind }: Success): never => {
  throw new Error(`the stored answer ${kind} is of another command`);
};

// Each answer is made from the stored outcome alone, so that the answer to a command and the answer to
// a retry with its key are the same to the byte. The seating plan never changes. It is that of the stored
// outcome: a retry may come with the queue token of another concert.

export const reserveSuccess =
  (planOf: PlanOf) =>
  async (success: Success): Promise<SuccessOf<typeof reserveAnswers>> => {
    if (success.kind !== "reserved") return otherCommand(success);
    const { reservation } = success;
    const plan = await planOf(reservation.concertId);
    return { status: 201, body: reservationView(plan, reservation) };
  };

const payStatus = { paid: 201, "already-paid": 200 } as const;

export const paySuccess =
  (planOf: PlanOf) =>
  async (success: Success): Promise<SuccessOf<typeof payAnswers>> => {
    if (success.kind !== "paid" && success.kind !== "already-paid") return otherCommand(success);
    const { kind, payment } = success;
    const body = paymentView(await planOf(payment.concertId), payment);
    return { status: payStatus[kind], body };
  };

export const chargeSuccess = (success: Success): SuccessOf<typeof chargeAnswers> =>
  success.kind === "charged" ? { status: 201, body: chargeView(success) } : otherCommand(success);
