import {
  listSeatHolders,
  readConcertOnSale,
  readSales,
  readStats,
} from "../../sdk/generated/operator.ts";
import type { ConcertOnSale, Sales, SeatHolders, Stats } from "../../sdk/generated/schemas.ts";
import { callOperator } from "./session.ts";

/** Everything about one sale that stands on one screen, read together. */
export interface Snapshot {
  readonly concert: ConcertOnSale;
  readonly stats: Stats;
  readonly sales: Sales;
  /** The selected date. */
  readonly date: string;
  /** Its seats; null of a hall with sections, whose map is read by itself. */
  readonly seating: SeatHolders | null;
}

type Row = Sales["items"][number];
export type Totals = Pick<
  Row,
  "seatsAvailable" | "seatsHeld" | "seatsSold" | "seatsBlocked" | "revenue"
>;

const nothing: Totals = {
  seatsAvailable: 0,
  seatsHeld: 0,
  seatsSold: 0,
  seatsBlocked: 0,
  revenue: 0,
};

export const sumOf = (rows: readonly Totals[]): Totals =>
  rows.reduce(
    (sum, row) => ({
      seatsAvailable: sum.seatsAvailable + row.seatsAvailable,
      seatsHeld: sum.seatsHeld + row.seatsHeld,
      seatsSold: sum.seatsSold + row.seatsSold,
      seatsBlocked: sum.seatsBlocked + row.seatsBlocked,
      revenue: sum.revenue + row.revenue,
    }),
    nothing,
  );

/** All seats of a row, in each status. */
export const seatsOf = ({ seatsAvailable, seatsHeld, seatsSold, seatsBlocked }: Totals): number =>
  seatsAvailable + seatsHeld + seatsSold + seatsBlocked;

const seatTotals = ({ status, price }: SeatHolders["items"][number]): Totals => ({
  seatsAvailable: status === "AVAILABLE" ? 1 : 0,
  seatsHeld: status === "HELD" ? 1 : 0,
  seatsSold: status === "SOLD" ? 1 : 0,
  seatsBlocked: status === "BLOCKED" ? 1 : 0,
  revenue: status === "SOLD" ? price : 0,
});

/**
 * Makes the figures of one snapshot agree, though the server read them one after the other: the rows of the
 * selected date are counted from its seats, if they were read, and the totals of the sale are the sums of all rows. Free seats
 * of a show that has begun are not counted as free, because no user can buy them.
 */
export const reconciled = ({ concert, stats, sales, date, seating }: Snapshot): Snapshot => {
  const items = sales.items.map((row): Row => {
    if (row.date !== seating?.date) return row;
    const seats = seating.items.filter(({ grade }) => grade === row.grade);
    return { ...row, ...sumOf(seats.map(seatTotals)) };
  });
  const begun = new Set(
    concert.dates.filter((it) => it.startsAt <= sales.serverTime).map(({ date }) => date),
  );
  const total = sumOf(items);
  const free = sumOf(items.filter(({ date }) => !begun.has(date)));
  const seats = {
    seatsAvailable: free.seatsAvailable,
    seatsHeld: total.seatsHeld,
    seatsSold: total.seatsSold,
    seatsTotal: seatsOf(total),
    revenue: total.revenue,
  };
  return { concert, stats: { ...stats, ...seats }, sales: { ...sales, items }, date, seating };
};

/** Codes of an address that names no sale; asking again does not help. */
const isUnknown: ReadonlySet<string> = new Set(["CONCERT_NOT_FOUND", "INVALID_REQUEST"]);

const once = { retry: { triesMax: 1 } };

/** The seats of a snapshot: of one date, or of its first one. */
interface Shown {
  readonly concertId: string;
  readonly date: string | null;
  /** Only a small hall: its figures are then counted from its seats. */
  readonly withSeats: boolean;
}

/**
 * Reads a sale, and each seat of a small hall with its holder. Null when a part could not be read. Without the seats
 * the figures of a date are those of the server.
 */
export const readSnapshot = async ({
  concertId,
  date,
  withSeats,
}: Shown): Promise<Snapshot | "unknown" | null> => {
  const [concert, stats, sales] = await Promise.all([
    callOperator(readConcertOnSale, { concertId }, once),
    callOperator(readStats, { concertId }, once),
    callOperator(readSales, { concertId }, once),
  ]);
  if (!concert.ok) return isUnknown.has(concert.code) ? "unknown" : null;
  if (!stats.ok || !sales.ok) return null;
  const shown = date ?? concert.value.dates[0]?.date ?? "";
  const figures = { concert: concert.value, stats: stats.value, sales: sales.value, date: shown };
  if (!withSeats) return reconciled({ ...figures, seating: null });
  const seating = await callOperator(listSeatHolders, { concertId, date: shown }, once);
  return seating.ok ? reconciled({ ...figures, seating: seating.value }) : null;
};
