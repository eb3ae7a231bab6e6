import pg from "pg";
import { faultsIn, readDump } from "#test/support/invariants.ts";
import { readSales } from "../../sdk/index.ts";
import type { Crowd } from "./crowd.ts";
import type { Options } from "./options.ts";
import { checkTickets } from "./ticket-checks.ts";
import { checkCounts, checkSeats, type SeatChecks } from "./seat-checks.ts";

export interface Verdict {
  /** False when there is no DATABASE_URL. */
  readonly isChecked: boolean;
  /** In the database and in the answers to the fans. */
  readonly faults: readonly string[];
  /** The holds of the fans, compared with their wishes. */
  readonly holds: Omit<SeatChecks, "faults">;
  readonly seatsSold: number;
  readonly revenue: number;
  /** Fans whose order of admission was compared: those who were never absent. */
  readonly compared: number;
  /** Of them, admitted after a user who had joined later. */
  readonly outOfOrder: number;
  /** Tickets in answers to fans that the database does not have, or has for another user. */
  readonly ticketsMissing: number;
}

interface AdmissionRow {
  readonly user_id: string;
  readonly epoch: number;
  readonly seq: number;
}

// The journal records a skipped user, who is admitted on return: that keeps the order.
const admissionsText = `
  select distinct on (queue_epoch, n) user_id::text, place_epoch as epoch, place_seq::float8 as seq
  from queue_journal j where concert_id = $1 and kind = 'ADMITTED'
    and not exists (
      select from queue_journal a
      where a.concert_id = j.concert_id and a.user_id = j.user_id
        and a.kind in ('STEPPED_OVER', 'RETURNED'))
  order by queue_epoch, n`;

/** Counts the users who were never absent and were admitted after such a user with a later place. */
const compareOrder = (
  rows: readonly AdmissionRow[],
  crowd: Crowd,
): Pick<Verdict, "compared" | "outOfOrder"> => {
  const steady = new Set(
    crowd.fans.filter(({ kind }) => kind !== "sleeper").map(({ userId }) => userId),
  );
  const seen = new Set<string>();
  let highest = -1;
  let outOfOrder = 0;
  for (const { user_id: userId, epoch, seq } of rows) {
    if (!steady.has(userId) || seen.has(userId)) continue;
    seen.add(userId);
    const order = epoch * 2 ** 40 + seq;
    if (order < highest) outOfOrder += 1;
    highest = Math.max(highest, order);
  }
  return { compared: seen.size, outOfOrder };
};

type TicketOwners = ReadonlyMap<string, string>;

/** The owner of each ticket, by the answers to the fans. */
const ticketOwners = ({ fans }: Crowd): TicketOwners =>
  new Map(
    fans.flatMap((fan) => fan.tickets.map(({ ticketId }) => [ticketId, fan.userId] as const)),
  );

const ticketsText = `
  select ticket_id::text as "ticketId", p.user_id::text as "userId"
  from ticket t join payment p using (payment_id) where t.concert_id = $1`;

const countMissing = (
  owners: TicketOwners,
  rows: readonly { ticketId: string; userId: string }[],
): number => {
  const stored = new Map(rows.map(({ ticketId, userId }) => [ticketId, userId]));
  return [...owners].filter(([ticketId, userId]) => stored.get(ticketId) !== userId).length;
};

const nothing = { seatsSold: 0, revenue: 0, compared: 0, outOfOrder: 0, ticketsMissing: 0 };

/** The figures that operators read; none without a key. */
const salesOf = async (crowd: Crowd, operatorKey: string | null) => {
  if (operatorKey === null) return [];
  const { client, concertId } = crowd;
  const sales = await client.call(readSales, { concertId }, { token: operatorKey });
  return sales.ok ? sales.value.items : [];
};

/** Checks the answers to the fans, and every invariant in the database. */
export const verify = async (
  { databaseUrl, operatorKey }: Pick<Options, "databaseUrl" | "operatorKey">,
  crowd: Crowd,
): Promise<Verdict> => {
  const { faults, ...holds } = checkSeats(crowd);
  if (databaseUrl === null)
    return {
      isChecked: false,
      faults: [...faults, ...checkTickets(crowd.life)],
      holds,
      ...nothing,
    };
  const sales = await salesOf(crowd, operatorKey);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const dump = await readDump(async <Row>(text: string) => {
      const { rows } = await client.query<Row & pg.QueryResultRow>(text);
      return rows;
    });
    const seats = dump.seats.filter(({ show }) => show.startsWith(crowd.concertId));
    const stored = seats.map((seat) => ({ ...seat, date: seat.show.split(" ")[1] ?? "" }));
    const { rows } = await client.query<AdmissionRow>(admissionsText, [crowd.concertId]);
    const tickets = await client.query<{ ticketId: string; userId: string }>(ticketsText, [
      crowd.concertId,
    ]);
    const bought = dump.reservations.filter(
      ({ concertId, status }) => concertId === crowd.concertId && status === "CONFIRMED",
    );
    const payments = new Set(
      dump.payments
        .filter(({ reservationId }) => bought.some((it) => it.reservationId === reservationId))
        .map(({ paymentId }) => paymentId),
    );
    const refunded = dump.refunds.filter(({ paymentId }) => payments.has(paymentId));
    return {
      isChecked: true,
      faults: [
        ...faults,
        ...checkTickets(crowd.life),
        ...checkCounts(crowd, stored, sales),
        ...faultsIn(dump),
      ],
      holds,
      seatsSold: seats.filter(({ status }) => status === "SOLD").length,
      revenue:
        bought.reduce((sum, { amount }) => sum + amount, 0) -
        refunded.reduce((sum, { amount, fee }) => sum + amount - fee, 0),
      ...compareOrder(rows, crowd),
      ticketsMissing: countMissing(ticketOwners(crowd), tickets.rows),
    };
  } finally {
    await client.end();
  }
};
