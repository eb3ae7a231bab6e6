import type { EntryId, PaymentId, ReservationId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Database } from "#platform/postgres/database.ts";
import type { Records, PageQuery, WalletEntry } from "../../ports/records.ts";
import {
  paymentColumns,
  reservationColumns,
  toPayment,
  toReservation,
  type PaymentRow,
  type ReservationRow,
} from "./rows.ts";

interface EntryRow {
  readonly entry_no: number;
  readonly entry_id: EntryId;
  readonly type: "CHARGE" | "PAYMENT";
  readonly amount: number;
  readonly balance: number;
  readonly transfer_id: string;
  readonly created_at: InstantMs;
}

const toEntry = (row: EntryRow): WalletEntry => ({
  entryNo: row.entry_no,
  entryId: row.entry_id,
  type: row.type,
  amount: row.amount,
  balance: row.balance,
  referenceId: row.transfer_id,
  createdAtMs: row.created_at,
});

type TimestampedRow = ReservationRow & { readonly now: InstantMs };

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

const listPayments = (database: Database, userId: UserId, query: PageQuery<PaymentId>) =>
  database.query<PaymentRow>({
    name: "sale-list-payments",
    text: `
      select ${paymentColumns}
      from payment p
      where p.user_id = $1 and p.payment_id < $2
      order by p.payment_id desc
      limit $3`,
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
  async entries(userId, query) {
    const rows = await database.query<EntryRow>({
      name: "sale-list-entries",
      text: `
        select entry_no, entry_id, type, amount, balance, transfer_id, created_at
        from ledger_entry
        where account = 'WALLET' and user_id = $1 and entry_no < $2
        order by entry_no desc
        limit $3`,
      values: [userId, query.after ?? lastEntry, query.limit],
    });
    return rows.map(toEntry);
  },
  async reservation(reservationId) {
    const [row] = await database.query<TimestampedRow>({
      name: "sale-read-reservation",
      text: `
        select ${reservationColumns}, clock_timestamp() as now
        from reservation r
        where r.reservation_id = $1`,
      values: [reservationId],
    });
    return row ? { found: toReservation(row), nowMs: row.now } : null;
  },
  async reservations(userId, query) {
    const rows = await listReservations(database, userId, query);
    // All statuses of one list are judged at the latest clock of its rows.
    return { found: rows.map(toReservation), nowMs: Math.max(0, ...rows.map((row) => row.now)) };
  },
  async payment(paymentId) {
    const [row] = await database.query<PaymentRow>({
      name: "sale-read-payment",
      text: `select ${paymentColumns} from payment p where p.payment_id = $1`,
      values: [paymentId],
    });
    return row ? toPayment(row) : null;
  },
  async payments(userId, query) {
    return (await listPayments(database, userId, query)).map(toPayment);
  },
});
