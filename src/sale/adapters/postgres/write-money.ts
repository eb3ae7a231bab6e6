import type { Queryable } from "#platform/postgres/database.ts";
import type { BatchState } from "../../domain/batch-state.ts";
import { entriesOf } from "../../domain/wallet.ts";
import { plainArray } from "./arrays.ts";
import { column, present } from "./columns.ts";

export const updateWallets = (tx: Queryable, state: BatchState) => {
  const users = [...state.changes.wallets];
  return tx.query({
    name: "sale-update-wallets",
    text: `
      update wallet w
      set balance = changed.balance
      from unnest($1::uuid[], $2::int8[]) as changed (user_id, balance)
      where w.user_id = changed.user_id`,
    values: [plainArray(users), column(users, (user) => present(state.wallets.get(user)))],
  });
};

export const insertEntries = (tx: Queryable, state: BatchState) => {
  const entries = state.changes.transfers.flatMap((transfer) => [...entriesOf(transfer)]);
  return tx.query({
    name: "sale-insert-entries",
    text: `
      insert into ledger_entry (
        entry_id, transfer_id, type, account, user_id, concert_id, amount, balance, created_at
      )
      select
        entry_id, transfer_id, type, account, user_id, concert_id, amount, balance,
        to_timestamp(at_ms / 1000)
      from unnest(
        $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::int8[],
        $8::int8[], $9::float8[]
      ) with ordinality as made (
        entry_id, transfer_id, type, account, user_id, concert_id, amount, balance, at_ms, n
      )
      order by n`,
    values: [
      column(entries, (entry) => entry.entryId),
      column(entries, (entry) => entry.transfer.transferId),
      column(entries, (entry) => entry.transfer.type),
      column(entries, (entry) => entry.account),
      column(entries, (entry) => entry.transfer.userId),
      column(entries, (entry) => entry.transfer.concertId),
      column(entries, (entry) => entry.amount),
      column(entries, (entry) => entry.balance),
      column(entries, (entry) => entry.transfer.atMs),
    ],
  });
};

export const insertPayments = (tx: Queryable, { changes: { payments } }: BatchState) =>
  tx.query({
    name: "sale-insert-payments",
    text: `
      insert into payment (
        payment_id, reservation_id, user_id, concert_id, amount, currency, balance, paid_at
      )
      select
        payment_id, reservation_id, user_id, concert_id, amount, currency, balance,
        to_timestamp(paid_at_ms / 1000)
      from unnest(
        $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int8[], $6::text[], $7::int8[],
        $8::float8[]
      ) as made (
        payment_id, reservation_id, user_id, concert_id, amount, currency, balance, paid_at_ms
      )`,
    values: [
      column(payments, (payment) => payment.paymentId),
      column(payments, (payment) => payment.reservationId),
      column(payments, (payment) => payment.userId),
      column(payments, (payment) => payment.concertId),
      column(payments, (payment) => payment.amount),
      column(payments, (payment) => payment.currency),
      column(payments, (payment) => payment.balance),
      column(payments, (payment) => payment.paidAtMs),
    ],
  });

export const insertTickets = (tx: Queryable, state: BatchState) => {
  const tickets = state.changes.payments.flatMap(({ paymentId, tickets: made }) =>
    made.map((ticket) => ({ ...ticket, paymentId })),
  );
  return tx.query({
    name: "sale-insert-tickets",
    text: `
      insert into ticket (ticket_id, payment_id, concert_id, date, seat_number)
      select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::date[], $5::int2[])`,
    values: [
      column(tickets, (ticket) => ticket.ticketId),
      column(tickets, (ticket) => ticket.paymentId),
      column(tickets, (ticket) => ticket.concertId),
      column(tickets, (ticket) => ticket.date),
      column(tickets, (ticket) => ticket.seatNumber),
    ],
  });
};
