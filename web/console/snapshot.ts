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
  /** The seats of the selected date. */
  readonly seating: SeatHolders;
}

type Row = Sales["items"][number];
export type Totals = Pick<Row, "seatsAvailable" | "seatsHeld" | "seatsSold" | "revenue">;

const nothing: Totals = { seatsAvailable: 0, seatsHeld: 0, seatsSold: 0, revenue: 0 };

export const sumOf = (rows: readonly Totals[]): Totals =>
  rows.reduce(
    (sum, row) => ({
      seatsAvailable: sum.seatsAvailable + row.seatsAvailable,
      seatsHeld: sum.seatsHeld + row.seatsHeld,
      seatsSold: sum.seatsSold + row.seatsSold,
      revenue: sum.revenue + row.revenue,
    }),
    nothing,
  );

const seatTotals = ({ status, price }: SeatHolders["items"][number]): Totals => ({
  seatsAvailable: status === "AVAILABLE" ? 1 : 0,
  seatsHeld: status === "HELD" ? 1 : 0,
  seatsSold: status === "SOLD" ? 1 : 0,
  revenue: status === "SOLD" ? price : 0,
});

/**
 * Makes the figures of one snapshot agree, though the server read them one after the other: the rows of the
 * selected date are counted from its seats, and the totals of the sale are the sums of all rows. Free seats
 * of a show that has begun are not counted as free, because no user can buy them.
 */
export const reconciled = ({ concert, stats, sales, seating }: Snapshot): Snapshot => {
  const items = sales.items.map((row): Row => {
    if (row.date !== seating.date) return row;
    const seats = seating.items.filter(({ grade }) => grade === row.grade);
    return { ...row, ...sumOf(seats.map(seatTotals)) };
  });
  const begun = new Set(
    concert.dates.filter((it) => it.startsAt <= sales.serverTime).map(({ date }) => date),
  );
  const total = sumOf(items);
  const free = sumOf(items.filter(({ date }) => !begun.has(date)));
  const seats = {
    ...total,
    seatsAvailable: free.seatsAvailable,
    seatsTotal: total.seatsAvailable + total.seatsHeld + total.seatsSold,
  };
  return { concert, stats: { ...stats, ...seats }, sales: { ...sales, items }, seating };
};

/** Codes of an address that names no sale; asking again does not help. */
const isUnknown: ReadonlySet<string> = new Set(["CONCERT_NOT_FOUND", "INVALID_REQUEST"]);

const once = { retry: { triesMax: 1 } };

/** Reads a sale with the seats of `date`, or of its first date. Null when a part could not be read. */
export const readSnapshot = async (
  concertId: string,
  date: string | null,
): Promise<Snapshot | "unknown" | null> => {
  const [concert, stats, sales] = await Promise.all([
    callOperator(readConcertOnSale, { concertId }, once),
    callOperator(readStats, { concertId }, once),
    callOperator(readSales, { concertId }, once),
  ]);
  if (!concert.ok) return isUnknown.has(concert.code) ? "unknown" : null;
  if (!stats.ok || !sales.ok) return null;
  const shown = { concertId, date: date ?? concert.value.dates[0]?.date ?? "" };
  const seating = await callOperator(listSeatHolders, shown, once);
  if (!seating.ok) return null;
  return reconciled({
    concert: concert.value,
    stats: stats.value,
    sales: sales.value,
    seating: seating.value,
  });
};
