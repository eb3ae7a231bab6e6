import { Type } from "typebox";
import type { PaymentId, ReservationId, UserId } from "#kernel/ids.ts";
import type { Money } from "#kernel/money.ts";
import type { Page, PageQuery } from "#kernel/page.ts";
import { listPart, type UserPart } from "#platform/http/user-parts.ts";
import type { PaymentWithRefunds, WalletEntry } from "../../ports/records.ts";
import type { PlanOf } from "../../ports/seating-plans.ts";
import type { CurrentReservation } from "../../use-cases/read-records.ts";
import { BalanceAnswer, Entry, PaymentWithRefundsItem, ReservationAnswer } from "./shapes.ts";
import { entryView, paymentWithRefundsView, reservationView } from "./views.ts";

export interface UserPartCases {
  readBalance(userId: UserId): Promise<Money>;
  listReservations(
    userId: UserId,
    query: PageQuery<ReservationId>,
  ): Promise<Page<CurrentReservation, ReservationId>>;
  listPaymentsWithRefunds(
    userId: UserId,
    query: PageQuery<PaymentId>,
  ): Promise<Page<PaymentWithRefunds, PaymentId>>;
  listEntries(userId: UserId, query: PageQuery<number>): Promise<Page<WalletEntry, number>>;
  readonly planOf: PlanOf;
  readonly currency: string;
}

const { userId: _, ...balanceMembers } = BalanceAnswer.properties;

/** The balance of a user, and the lists that explain it, as operators read them. */
export const saleUserParts = (useCases: UserPartCases): readonly UserPart[] => {
  const { planOf, currency } = useCases;
  return [
    {
      name: "balance",
      schema: Type.Object(balanceMembers, { description: "The balance" }),
      read: async (userId) => ({ balance: await useCases.readBalance(userId), currency }),
    },
    listPart({
      name: "reservations",
      description: "The reservations, also those that have ended",
      item: ReservationAnswer,
      async newest(userId, limit) {
        const { items } = await useCases.listReservations(userId, { limit, after: null });
        return Promise.all(
          items.map(async ({ reservation, nowMs }) =>
            reservationView(await planOf(reservation.concertId), reservation, nowMs),
          ),
        );
      },
    }),
    listPart({
      name: "payments",
      description: "The payments with their tickets and refunds",
      item: PaymentWithRefundsItem,
      async newest(userId, limit) {
        const { items } = await useCases.listPaymentsWithRefunds(userId, { limit, after: null });
        return Promise.all(
          items.map(async (payment) =>
            paymentWithRefundsView(await planOf(payment.concertId), payment),
          ),
        );
      },
    }),
    listPart({
      name: "entries",
      description: "The ledger entries of the balance",
      item: Entry,
      async newest(userId, limit) {
        const { items } = await useCases.listEntries(userId, { limit, after: null });
        return items.map(entryView);
      },
    }),
  ];
};
