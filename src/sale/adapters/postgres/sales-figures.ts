import { BoundedMap } from "#kernel/bounded-map.ts";
import type { ConcertId } from "#kernel/ids.ts";
import type { Database, Queryable } from "#platform/postgres/database.ts";
import { gradesOf, gradeSales, type SoldPrices } from "../../domain/grade-sales.ts";
import type { SeatMap } from "../../domain/seat-map.ts";
import type { SalesFigures } from "../../ports/sales-figures.ts";
import type { SeatingPlans } from "../../ports/seating-plans.ts";
import { readChanges, readWhole, type SeatMapRead } from "./read-seat-maps.ts";

/** The seats of a concert, and the prices of its sold seats by date, as of one moment. */
interface Known extends SeatMapRead {
  readonly sold: ReadonlyMap<string, SoldPrices>;
  /** The grade of each seat, by number; every date has the same. */
  readonly grades: readonly string[];
}

/** Of one more, the concert that was not asked for the longest is read as a whole again. */
const concertsMax = 100;

/** The seats of a show that are not known, or that have changed since. */
const changedSeats = (show: SeatMap, last: SeatMap | undefined): readonly number[] => {
  if (last === undefined) return Array.from(show.statuses, (_, index) => index + 1);
  return [...show.changed].filter(([, xid]) => xid >= last.version).map(([seat]) => seat);
};

/** Reads the prices of sold seats. O(seats): `offset 0` makes the planner look up each of them. */
const readPrices = (
  tx: Queryable,
  concertId: ConcertId,
  sold: readonly { readonly date: string; readonly seatNumber: number }[],
): Promise<{ date: string; seatNumber: number; price: number }[]> =>
  tx.query({
    name: "sale-prices-of-sold-seats",
    text: `
      select sold.date, sold.seat_number as "seatNumber", found.price
      from unnest($2::date[], $3::int4[]) as sold (date, seat_number)
      cross join lateral (
        select price from reservation_seat
        where concert_id = $1 and date = sold.date and seat_number = sold.seat_number and live
        offset 0
      ) as found`,
    values: [concertId, sold.map(({ date }) => date), sold.map(({ seatNumber }) => seatNumber)],
  });

/** The known prices of a show after a read, and the sold seats whose price is to be read. */
const continued = (show: SeatMap, before: SeatMap | undefined, sold: SoldPrices | undefined) => {
  const prices = new Map(before && sold);
  const changed = changedSeats(show, before);
  for (const seatNumber of changed) prices.delete(seatNumber);
  const unpriced = changed.filter((seatNumber) => show.statuses.charAt(seatNumber - 1) === "S");
  return { prices, unpriced };
};

const readKnown = async (
  tx: Queryable,
  concertId: ConcertId,
  last: Known | undefined,
): Promise<Omit<Known, "grades">> => {
  const changes = last && (await readChanges(tx, { concertId }, last));
  const read = changes ?? (await readWhole(tx, { concertId }));
  const toRead: { date: string; seatNumber: number }[] = [];
  const sold = new Map<string, Map<number, number>>();
  for (const [index, show] of read.shows.entries()) {
    const { date } = show;
    const before = changes ? last?.shows[index] : undefined;
    const { prices, unpriced } = continued(show, before, last?.sold.get(date));
    sold.set(date, prices);
    for (const seatNumber of unpriced) toRead.push({ date, seatNumber });
  }
  const found = toRead.length > 0 ? await readPrices(tx, concertId, toRead) : [];
  for (const { date, seatNumber, price } of found) sold.get(date)?.set(seatNumber, price);
  return { ...read, sold };
};

const readGradePrices = async (
  tx: Queryable,
  concertId: ConcertId,
): Promise<ReadonlyMap<string, number>> => {
  const rows = await tx.query<{ name: string; price: number }>({
    name: "sale-grade-prices",
    text: "select name, price from grade where concert_id = $1 order by position",
    values: [concertId],
  });
  return new Map(rows.map(({ name, price }) => [name, price]));
};

/**
 * Figures from PostgreSQL. All statements of a call see one snapshot. The seats of a concert are read once, and then
 * what has changed: counting 18,000 held seats anew in each call took a busy database over 2 s.
 */
export const pgSalesFigures = (deps: {
  readonly database: Database;
  readonly plans: SeatingPlans;
}): SalesFigures => {
  const known = new BoundedMap<ConcertId, Known>(concertsMax);
  return {
    async read(concertId) {
      const plan = await deps.plans.find(concertId);
      if (plan === null) return { found: [], nowMs: 0 };
      const last = known.get(concertId);
      const { now, prices } = await deps.database.transaction(async (tx) => {
        await tx.query({ text: "set transaction isolation level repeatable read, read only" });
        return {
          now: await readKnown(tx, concertId, last),
          prices: await readGradePrices(tx, concertId),
        };
      });
      const grades = last?.grades ?? gradesOf(plan);
      known.set(concertId, { ...now, grades });
      const found = now.shows.flatMap((show) =>
        gradeSales(show, { grades, prices }, now.sold.get(show.date) ?? new Map(), now.readAtMs),
      );
      return { found, nowMs: now.readAtMs };
    },
  };
};
