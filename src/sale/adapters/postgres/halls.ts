import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import { fresh, type Fresh } from "#platform/fresh.ts";
import type { Database } from "#platform/postgres/database.ts";
import type { HallSeat, HallShow } from "../../domain/hall.ts";
import type { SeatStatus } from "../../domain/seat.ts";
import type { Halls, HallView } from "../../ports/halls.ts";
import { takenSeats } from "./taken-seats.ts";

/** The seats of a show in the two states that have nothing to themselves. */
interface Plan {
  readonly free: readonly HallSeat[];
  readonly sold: readonly HallSeat[];
}

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
  const seatsIn = (status: SeatStatus): HallSeat[] =>
    numbers.map((seatNumber, index) => {
      const [grade = "", price = 0] = [grades[index], prices[index]];
      return { seatNumber, grade, price, status, expiresAtMs: null };
    });
  return { free: seatsIn("AVAILABLE"), sold: seatsIn("SOLD") };
};

/** What never changes of a concert's seats. Nearly always its dates have one plan. */
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
  /** Of the HELD ones; null for none. */
  readonly ends: InstantMs[] | null;
  readonly now: InstantMs;
}

const toShow = (row: ShowRow, plan: Plan | undefined): HallShow => {
  if (plan === undefined) throw new Error(`the seats of ${row.date} have no plan`);
  const { date, starts_at: startsAtMs, statuses } = row;
  let held = 0;
  const seats = plan.free.map((seat, index) => {
    if (statuses[index] === "A") return seat;
    if (statuses[index] !== "H") return plan.sold[index] ?? seat;
    const expiresAtMs = row.ends?.[held] ?? null;
    held += 1;
    return { ...seat, status: "HELD" as const, expiresAtMs };
  });
  return { date, startsAtMs, seats };
};

interface Picture {
  readonly shows: readonly HallShow[];
  readonly plans: Plans;
  /** The database's clock when it was taken, and this instance's monotonic clock before that. */
  readonly takenAtMs: InstantMs;
  readonly monotonicMs: number;
}

/**
 * Taken twice a second of every concert on sale, so only what changes is asked for: a letter a seat and
 * the ends of holds. With numbers, grades and prices in it, the pictures of a sale of 18,000 seats were
 * 40 % of the server's work.
 */
const takePicture = async (
  database: Database,
  concertId: ConcertId,
  last: { readonly plans: Plans | undefined; readonly monotonicMs: number },
): Promise<Picture> => {
  const rows = await database.query<ShowRow>({
    name: "sale-look-at-hall",
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
  const shows = rows.map((row) => toShow(row, plans.get(row.date)));
  return { shows, plans, takenAtMs: rows[0]?.now ?? 0, monotonicMs: last.monotonicMs };
};

/**
 * One picture of a concert's seats an instance, at most 1 s old: a load at a time, however many ask.
 * Between two loads lapses are judged by the database's clock, carried on by the monotonic one.
 */
export const pgHalls = (options: {
  readonly database: Database;
  monotonicMs(): number;
}): Halls & { close(): Promise<void> } => {
  const { database, monotonicMs } = options;
  const pictures: Fresh<ConcertId, Picture> = fresh({
    load: (concertId) =>
      takePicture(database, concertId, {
        plans: pictures.peek(concertId)?.plans,
        monotonicMs: monotonicMs(),
      }),
    // A picture is as old as the start of its load; what an answer says of it must be younger than 1 s.
    maxAgeMs: 500,
    nowMs: monotonicMs,
    entriesMax: 1000,
  });
  const viewOf = ({ shows, takenAtMs, monotonicMs: takenAtMonotonicMs }: Picture): HallView => ({
    shows,
    nowMs: takenAtMs + Math.floor(monotonicMs() - takenAtMonotonicMs),
  });
  return {
    ...takenSeats(options),
    look: async (concertId) => viewOf(await pictures.get(concertId)),
    last(concertId) {
      const picture = pictures.peek(concertId);
      return picture === undefined ? null : viewOf(picture);
    },
  };
};
