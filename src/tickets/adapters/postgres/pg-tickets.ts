import type { ConcertId, PaymentId, TicketId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Database } from "#platform/postgres/database.ts";
import { asPassedOn, refundReason, type Ticket, type TicketStatus } from "../../domain/ticket.ts";
import {
  isPending,
  transferableUntil,
  type OfferedTransfer,
  type TransferId,
  type TransferRule,
} from "../../domain/transfer.ts";
import { transferColumns } from "./transfer-columns.ts";
import type { ReadTicket, Tickets } from "../../ports/tickets.ts";

interface Row {
  readonly ticket_id: TicketId;
  readonly concert_id: ConcertId;
  readonly title: string;
  readonly venue: string | null;
  readonly date: string;
  readonly starts_at: InstantMs;
  readonly time_zone: string;
  readonly seat_number: number;
  readonly price: number;
  readonly user_id: UserId;
  readonly status: TicketStatus;
  readonly version: number;
  readonly payment_id: PaymentId;
  readonly cancelled_at: InstantMs | null;
  readonly refunded_at: InstantMs | null;
}

const columns = `t.ticket_id, t.concert_id, c.title, c.venue, c.time_zone, t.date, s.starts_at, t.seat_number,
    l.price, t.user_id, t.status, t.version, t.payment_id, c.cancelled_at, f.refunded_at`;

const itsSale = `
  join concert c using (concert_id)
  join show s using (concert_id, date)
  join payment p using (payment_id)
  join reservation_seat l on l.reservation_id = p.reservation_id and l.seat_number = t.seat_number
  left join refund f on f.refund_id = t.refund_id`;

const toTicket = (row: Row, holderName: string | null): Ticket => ({
  ticketId: row.ticket_id,
  concertId: row.concert_id,
  title: row.title,
  venue: row.venue,
  date: row.date,
  startsAtMs: row.starts_at,
  timeZone: row.time_zone,
  seatNumber: row.seat_number,
  price: row.price,
  holder: { userId: row.user_id, name: holderName },
  status: row.status,
  voidReason: refundReason(row.refunded_at, row.cancelled_at),
  version: row.version,
  paymentId: row.payment_id,
  cancelledAtMs: row.cancelled_at,
});

interface ReadRow extends Row {
  readonly transfer_id: TransferId | null;
  readonly ticket_version: number;
  readonly expires_at: InstantMs;
  readonly is_cancelled: boolean;
  readonly reader_name: string | null;
  readonly rule: TransferRule | null;
  readonly isOfCancelledConcert: boolean;
  readonly formerHolderIds: readonly UserId[];
  readonly now: InstantMs;
}

const offerOf = (row: ReadRow, userId: UserId): OfferedTransfer | null => {
  if (row.transfer_id === null) return null;
  const transfer = {
    transferId: row.transfer_id,
    fromUserId: userId,
    ticketVersion: row.ticket_version,
    expiresAtMs: row.expires_at,
    isCancelled: row.is_cancelled,
    toUserId: null,
  };
  if (!isPending(transfer, row, row.now)) return null;
  return { transferId: transfer.transferId, expiresAtMs: transfer.expiresAtMs };
};

const readBy =
  (userId: UserId) =>
  (row: ReadRow): ReadTicket => {
    const ticket = toTicket(row, row.reader_name);
    if (row.user_id !== userId) {
      const passedOn = asPassedOn(ticket, { userId, name: row.reader_name });
      return { ...passedOn, transfer: null, transferableUntilMs: null };
    }
    const { rule, formerHolderIds, isOfCancelledConcert } = row;
    const transferable = {
      ...ticket,
      holderId: userId,
      rule,
      formerHolderIds,
      isOfCancelledConcert,
    };
    return {
      ...ticket,
      transfer: offerOf(row, userId),
      transferableUntilMs: transferableUntil(transferable, row.now),
    };
  };

/** The tickets with these ids that the user $1 holds or has passed on, each with the user's offer. */
const selectOf = (condition: string, end: string): string => `
  with own as (
    select ticket_id from ticket where user_id = $1 and ${condition}
    union
    select ticket_id from ticket_transfer
      where from_user_id = $1 and to_user_id is not null and ${condition}
    ${end}
  )
  select ${columns}, u.name as reader_name, x.transfer_id, x.ticket_version, x.expires_at,
    x.cancelled_at is not null as is_cancelled, ${transferColumns}, clock_timestamp() as now
  from own join ticket t using (ticket_id) ${itsSale}
  left join app_user u on u.user_id = $1
  left join ticket_transfer x
    on x.ticket_id = t.ticket_id and x.from_user_id = $1 and x.to_user_id is null
  order by t.ticket_id desc`;

const lastUuid = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/** The tickets in PostgreSQL: one indexed statement a call. */
export const pgTickets = (database: Database): Tickets => ({
  async find(ticketIds) {
    const rows = await database.query<Row & { holder_name: string | null }>({
      name: "tickets-find",
      text: `select ${columns}, u.name as holder_name from ticket t ${itsSale}
        left join app_user u on u.user_id = t.user_id
        where t.ticket_id = any ($1::uuid[])`,
      values: [ticketIds],
    });
    return rows.map((row) => toTicket(row, row.holder_name));
  },
  async findOf(userId, ticketId) {
    const [row] = await database.query<ReadRow>({
      name: "tickets-find-of",
      text: selectOf("ticket_id = $2", ""),
      values: [userId, ticketId],
    });
    return row === undefined ? null : readBy(userId)(row);
  },
  async ofUser(userId, { limit, after }) {
    const rows = await database.query<ReadRow>({
      name: "tickets-of-user",
      text: selectOf("ticket_id < $2", "order by ticket_id desc limit $3"),
      values: [userId, after ?? lastUuid, limit],
    });
    return rows.map(readBy(userId));
  },
});
