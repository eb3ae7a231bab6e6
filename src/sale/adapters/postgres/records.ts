import type { PaymentId, ReservationId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { PageQuery } from "#kernel/page.ts";
import type { Database } from "#platform/postgres/database.ts";
import type { Payment } from "../../domain/payment.ts";
import type { PaymentWithRefunds, Records, WalletEntry } from "../../ports/records.ts";
import { paymentColumns, reservationColumns, toReservation, type ReadReservation } from "./rows.ts";
import { selectList } from "./table.ts";
import { ledgerEntries } from "./tables.ts";

type TimestampedRow = ReadReservation & { readonly now: InstantMs };

const walletEntryList = selectList(ledgerEntries, "e", [
  "entryId",
  "type",
  "amount",
  "balance",
  "transferId",
  "createdAtMs",
]);

const lastEntry = Number.MAX_SAFE_INTEGER;
const lastUuid = "ffffffff-ffff-ffff-ffff-ffffffffffff";

const listReservations = (database: Database, userId: UserId, query: PageQuery<ReservationId>) =>
  database.query<TimestampedRow>({
    name: "sale-list-reservations",
    text: `
      select ${reservationColumns}, clock_timestamp() as now
      from reservation r
      where r.user_id = $1 and r.reservation_id < $2
      order by r.reservation_id desc
      limit $3`,
    values: [userId, query.after ?? lastUuid, query.limit],
  });

const paymentsOfUser = (columns: string): string => `
  select ${columns}
  from payment p
  where p.user_id = $1 and p.payment_id < $2
  order by p.payment_id desc
  limit $3`;

/** The columns of `PaymentWithRefunds` beyond those of a payment with the alias `p`. */
const refundColumns = `
  (
    select coalesce(sum(r.amount), 0)::int8 from refund r where r.payment_id = p.payment_id
  ) as refunded,
  (select coalesce(sum(r.fee), 0)::int8 from refund r where r.payment_id = p.payment_id) as fees,
  array(
    select t.ticket_id::text from ticket t
    where t.payment_id = p.payment_id and t.status <> 'VOID' order by t.seat_number
  ) as "refundableTicketIds"`;

const listPayments = (database: Database, userId: UserId, query: PageQuery<PaymentId>) =>
  database.query<Payment>({
    name: "sale-list-payments",
    text: paymentsOfUser(paymentColumns),
    values: [userId, query.after ?? lastUuid, query.limit],
  });

const listPaymentsWithRefunds = (database: Database, userId: UserId, query: PageQuery<PaymentId>) =>
  database.query<PaymentWithRefunds>({
    name: "sale-list-payments-with-refunds",
    text: paymentsOfUser(`${paymentColumns}, ${refundColumns}`),
    values: [userId, query.after ?? lastUuid, query.limit],
  });

/** The records in PostgreSQL: one indexed statement a call. */
export const pgRecords = (database: Database): Records => ({
  async balance(userId) {
    const [row] = await database.query<{ balance: number }>({
      name: "sale-read-balance",
      text: "select balance from wallet where user_id = $1",
      values: [userId],
    });
    return row?.balance ?? 0;
  },
  entries: (userId, query) =>
    database.query<WalletEntry>({
      name: "sale-list-entries",
      text: `
        select e.entry_no as "entryNo", ${walletEntryList}
        from ledger_entry e
        where account = 'WALLET' and user_id = $1 and entry_no < $2
        order by entry_no desc
        limit $3`,
      values: [userId, query.after ?? lastEntry, query.limit],
    }),
  async reservation(reservationId) {
    const [row] = await database.query<TimestampedRow>({
      name: "sale-read-reservation",
      text: `
        select ${reservationColumns}, clock_timestamp() as now
        from reservation r
        where r.reservation_id = $1`,
      values: [reservationId],
    });
    if (!row) return null;
    const { now: nowMs, ...found } = row;
    return { found: toReservation(found), nowMs };
  },
  async reservations(userId, query) {
    const rows = await listReservations(database, userId, query);
    // All statuses of one list are judged at the latest clock of its rows.
    const nowMs = Math.max(0, ...rows.map((row) => row.now));
    return { found: rows.map(({ now: _, ...row }) => toReservation(row)), nowMs };
  },
  async payment(paymentId) {
    const [payment] = await database.query<Payment>({
      name: "sale-read-payment",
      text: `select ${paymentColumns} from payment p where p.payment_id = $1`,
      values: [paymentId],
    });
    return payment ?? null;
  },
  payments: (userId, query) => listPayments(database, userId, query),
  paymentsWithRefunds: (userId, query) => listPaymentsWithRefunds(database, userId, query),
});
