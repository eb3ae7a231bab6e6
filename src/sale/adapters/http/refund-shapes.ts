import { Type } from "typebox";
import { toRfc3339 } from "#kernel/instant.ts";
import type { SuccessOf } from "#platform/http/route.ts";
import { Count, Instant, Money, Nullable, Page, Text, Uuid } from "#platform/http/schemas.ts";
import type { Success } from "../../domain/commands.ts";
import type { OperatorRefunded } from "../../domain/decide-refund.ts";
import type { Refund } from "../../domain/refund.ts";
import type { OfferedRefund } from "../../use-cases/refund-payment.ts";
import { Currency } from "./shapes.ts";
import { otherCommand } from "./views.ts";

const idsMax = 100;
const reasonCharsMax = 200;

const TicketIds = (description: string) =>
  Type.Array(Uuid("A ticket"), { minItems: 1, maxItems: idsMax, uniqueItems: true, description });

export const RefundBody = Type.Object({
  ticketIds: Type.Optional(
    TicketIds("Tickets of the payment; without it, all of them that are not refunded"),
  ),
});

export const RefundAnswer = Type.Object(
  {
    refundId: Uuid("The refund"),
    paymentId: Uuid("The payment"),
    ticketIds: Type.Array(Uuid("A ticket"), { description: "The tickets, which are VOID now" }),
    amount: Money("The price of the tickets", 240_000),
    fee: Money("The part of `amount` that the operator keeps", 24_000),
    payable: Money(
      "`amount` less `fee` where the balance has no room for it: the operator pays it out; else 0",
      0,
    ),
    balance: Money("The balance after it", 476_000),
    currency: Currency,
    refundedAt: Instant("When it was refunded"),
  },
  { $id: "Refund" },
);

export const RefundPage = Page(RefundAnswer, { $id: "RefundPage" });

export const refundAnswers = { 201: RefundAnswer };

export const RefundOfferAnswer = Type.Object(
  {
    paymentId: Uuid("The payment"),
    reason: Nullable(
      Type.Enum(["policy", "time"], {
        description: "The reason why no ticket can be refunded; null: see each ticket",
      }),
      { examples: [null] },
    ),
    refundableUntil: Nullable(
      Instant("From this moment on there is no refund; null: the concert has none"),
    ),
    tickets: Type.Array(
      Type.Object({
        ticketId: Uuid("The ticket"),
        amount: Money("The price that was paid", 120_000),
        fee: Money("The part of it that the operator would keep now", 12_000),
        reason: Nullable(
          Type.Enum(["used", "void", "transferred"], {
            description: "The reason why this ticket cannot be refunded",
          }),
          { examples: [null] },
        ),
      }),
      { description: "The tickets of the payment" },
    ),
    currency: Currency,
    serverTime: Instant("When this was read"),
  },
  { $id: "RefundOffer" },
);

export const OperatorRefundBody = Type.Object(
  {
    paymentIds: Type.Optional(
      Type.Array(Uuid("A payment"), {
        minItems: 1,
        maxItems: idsMax,
        uniqueItems: true,
        description: "Payments of the concert",
      }),
    ),
    ticketIds: Type.Optional(TicketIds("Tickets of the concert")),
    all: Type.Optional(Type.Literal(true, { description: "All tickets of the concert" })),
    reason: Text({ maxLength: reasonCharsMax, description: "The reason, for the audit trail" }),
  },
  {
    description: "Exactly one of `paymentIds`, `ticketIds` and `all`",
    examples: [
      {
        ticketIds: ["0198c4f2-7c1e-7a35-9d1b-5f0c2e8a4b17"],
        reason: "The lighting rig is in the way",
      },
    ],
  },
);

export const OperatorRefundAnswer = Type.Object(
  {
    refunds: Type.Array(RefundAnswer, {
      description: "One for each payment; empty for `all`",
    }),
    tickets: Count("The tickets that this request has refunded", 2),
    amount: Money("Their prices", 240_000),
    currency: Currency,
    done: Type.Boolean({
      description:
        "False: time was up before all tickets of `all` were refunded. The same request with the same key goes on",
    }),
  },
  { $id: "OperatorRefund" },
);

export const operatorRefundAnswers = { 201: OperatorRefundAnswer };

/** *refund* of the contract. */
const refundView = (refund: Refund) => {
  const { refundId, paymentId, ticketIds, amount, fee, payable, balance, currency } = refund;
  const refundedAt = toRfc3339(refund.refundedAtMs);
  return { refundId, paymentId, ticketIds, amount, fee, payable, balance, currency, refundedAt };
};

export const refundPageView = (refunds: readonly Refund[]) => refunds.map(refundView);

export const refundSuccess = (success: Success): SuccessOf<typeof refundAnswers> =>
  success.kind === "refunded"
    ? { status: 201, body: refundView(success.refund) }
    : otherCommand(success);

export const offerView = (paymentId: string, offer: OfferedRefund) => ({
  paymentId,
  reason: offer.refusal,
  refundableUntil: offer.untilMs === null ? null : toRfc3339(offer.untilMs),
  tickets: offer.tickets.map(({ refusal, ...ticket }) => ({ ...ticket, reason: refusal })),
  currency: offer.currency,
  serverTime: toRfc3339(offer.nowMs),
});

export const operatorRefundSuccess = (
  { refunds, tickets, amount }: Omit<OperatorRefunded, "kind">,
  currency: string,
  done: boolean,
): SuccessOf<typeof operatorRefundAnswers> => ({
  status: 201,
  body: { refunds: refunds.map(refundView), tickets, amount, currency, done },
});
