import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import { loadingCache, type LoadingCache } from "#platform/loading-cache.ts";
import type { Database } from "#platform/postgres/database.ts";
import type { MapSeat, SeatMap } from "../../domain/seat-map.ts";
import type { SeatStatus } from "../../domain/seat.ts";
import type { SeatMapCache, SeatMaps } from "../../ports/seat-maps.ts";

/**
 * The seats of a show in each status that has no data of its own. They never change, so all seat maps with
 * the same numbers, grades and prices share them.
 */
type Plan = Readonly<Record<Exclude<SeatStatus, "HELD">, readonly MapSeat[]>>;

type Plans = ReadonlyMap<string, Plan>;

interface PlanRow {
  readonly date: string;
  /** JSON, by number. */
  readonly numbers: string;
  readonly grades: string;
  readonly prices: string;
}

const makePlan = (row: PlanRow): Plan => {
  const grades = JSON.parse(row.grades) as string[];
  const prices = JSON.parse(row.prices) as number[];
  const numbers = JSON.parse(row.numbers) as number[];
  const seatsIn = (status: SeatStatus): MapSeat[] =>
    numbers.map((seatNumber, index) => {
      const [grade = "", price = 0] = [grades[index], prices[index]];
      return { seatNumber, grade, price, status, expiresAtMs: null };
    });
  return { AVAILABLE: seatsIn("AVAILABLE"), SOLD: seatsIn("SOLD") };
};

/** Reads numbers, grades and prices, which never change. Nearly always all dates of a concert share one plan. */
const readPlans = async (database: Database, concertId: ConcertId): Promise<Plans> => {
  const rows = await database.query<PlanRow>({
    name: "sale-read-plans",
    text: `
      select
        date,
        array_to_json(array_agg(seat_number order by seat_number))::text as numbers,
        array_to_json(array_agg(grade order by seat_number))::text as grades,
        array_to_json(array_agg(price order by seat_number))::text as prices
      from seat
      where concert_id = $1
      group by date`,
    values: [concertId],
  });
  const byText = new Map<string, Plan>();
  return new Map(
    rows.map((row) => {
      const text = row.numbers + row.grades + row.prices;
      const plan = byText.get(text) ?? makePlan(row);
      byText.set(text, plan);
      return [row.date, plan];
    }),
  );
};

interface ShowRow {
  readonly date: string;
  readonly starts_at: InstantMs;
  /** The first letter of each seat's status, by number. */
  readonly statuses: string;
  /** The ends of the HELD seats, by seat number; null when no seat is HELD. */
  readonly ends: InstantMs[] | null;
  readonly now: InstantMs;
}

const toSeatMap = (row: ShowRow, plan: Plan | undefined): SeatMap => {
  if (plan === undefined) throw new Error(`the seats of ${row.date} have no plan`);
  const { date, starts_at: startsAtMs, statuses } = row;
  let held = 0;
  const seats = plan.AVAILABLE.map((seat, index): MapSeat => {
    switch (statuses.charAt(index)) {
      case "A":
        return seat;
      case "S":
        return plan.SOLD[index] ?? seat;
      case "H": {
        const expiresAtMs = row.ends?.[held] ?? null;
        held += 1;
        return { ...seat, status: "HELD", expiresAtMs };
      }
      default:
        throw new Error(`seat ${seat.seatNumber} of ${date} has an unknown status`);
    }
  });
  return { date, startsAtMs, seats };
};

interface Snapshot {
  readonly shows: readonly SeatMap[];
  readonly plans: Plans;
  /** The database's clock when the statement ran. */
  readonly readAtMs: InstantMs;
  /** This instance's monotonic clock before the statement was sent, in ms. */
  readonly monotonicMs: number;
}

/**
 * Reads only what changes: a letter a seat, and the ends of holds. The statement runs twice a second for
 * each concert on sale. With numbers, grades and prices in it, the seat maps of 18,000 seats took 40 % of
 * the server's time (measured).
 */
const readSnapshot = async (
  database: Database,
  concertId: ConcertId,
  last: { readonly plans: Plans | undefined; readonly monotonicMs: number },
): Promise<Snapshot> => {
  const rows = await database.query<ShowRow>({
    name: "sale-read-seat-maps",
    text: `
      select
        sh.date,
        sh.starts_at,
        string_agg(left(s.status, 1), '' order by s.seat_number) as statuses,
        array_agg(s.expires_at order by s.seat_number) filter (where s.status = 'HELD') as ends,
        clock_timestamp() as now
      from show sh
      join seat s using (concert_id, date)
      where sh.concert_id = $1
      group by sh.date, sh.starts_at
      order by sh.date`,
    values: [concertId],
  });
  const isKnown = rows.every(({ date }) => last.plans?.has(date));
  const plans = last.plans && isKnown ? last.plans : await readPlans(database, concertId);
  const shows = rows.map((row) => toSeatMap(row, plans.get(row.date)));
  return { shows, plans, readAtMs: rows[0]?.now ?? 0, monotonicMs: last.monotonicMs };
};

/** An age counts from the start of the load. Twice this is less than the 1 s that the contract allows. */
const maxAgeMs = 500;

/**
 * Keeps the seat maps of up to 1,000 concerts in memory. `nowMs` is the database's clock at the load,
 * advanced by this instance's monotonic clock, so that a hold lapses between two loads.
 */
export const pgSeatMapCache = (options: {
  readonly database: Database;
  monotonicMs(): number;
}): SeatMapCache => {
  const { database, monotonicMs } = options;
  const snapshots: LoadingCache<ConcertId, Snapshot> = loadingCache({
    load: (concertId) =>
      readSnapshot(database, concertId, {
        plans: snapshots.peek(concertId)?.plans,
        monotonicMs: monotonicMs(),
      }),
    maxAgeMs,
    nowMs: monotonicMs,
    entriesMax: 1000,
  });
  const toSeatMaps = (snapshot: Snapshot): SeatMaps => ({
    shows: snapshot.shows,
    nowMs: snapshot.readAtMs + Math.floor(monotonicMs() - snapshot.monotonicMs),
  });
  return {
    get: async (concertId) => toSeatMaps(await snapshots.get(concertId)),
    peek(concertId) {
      const snapshot = snapshots.peek(concertId);
      return snapshot === undefined ? null : toSeatMaps(snapshot);
    },
  };
};
