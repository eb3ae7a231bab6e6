import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import { fresh } from "#platform/fresh.ts";
import type { Database } from "#platform/postgres/database.ts";
import type { HallSeat, HallShow } from "../../domain/hall.ts";
import type { SeatStatus } from "../../domain/seat.ts";
import type { Halls, HallView } from "../../ports/halls.ts";
import { takenSeats } from "./taken-seats.ts";

interface ShowRow {
  readonly date: string;
  readonly starts_at: InstantMs;
  /** JSON of what never changes of its seats: numbers, grades and prices, by number. */
  readonly numbers: string;
  readonly grades: string;
  readonly prices: string;
  /** The first letter of each seat's status. */
  readonly statuses: string;
  /** Of the HELD ones; null for none. */
  readonly ends: InstantMs[] | null;
  readonly now: InstantMs;
}

/** The seats of a show in the two states that have nothing to themselves. */
interface Plan {
  readonly free: readonly HallSeat[];
  readonly sold: readonly HallSeat[];
}

const plansMax = 1_000;

/**
 * Plans by their text. The dates of a concert have one plan, and a picture is taken twice a second: parsed
 * and made anew each time, the seats of a large sale were 40 % of the server's work.
 */
const planReader = (): ((row: ShowRow) => Plan) => {
  const known = new Map<string, Plan>();
  const make = (row: ShowRow): Plan => {
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
  return (row) => {
    const text = row.numbers + row.grades + row.prices;
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= plansMax) known.clear();
    const plan = make(row);
    known.set(text, plan);
    return plan;
  };
};

const toShow = (row: ShowRow, { free, sold }: Plan): HallShow => {
  const { date, starts_at: startsAtMs, statuses } = row;
  let held = 0;
  const seats = free.map((seat, index) => {
    if (statuses[index] === "A") return seat;
    if (statuses[index] !== "H") return sold[index] ?? seat;
    const expiresAtMs = row.ends?.[held] ?? null;
    held += 1;
    return { ...seat, status: "HELD" as const, expiresAtMs };
  });
  return { date, startsAtMs, seats };
};

interface Picture {
  readonly shows: readonly HallShow[];
  /** The database's clock when it was taken, and this instance's monotonic clock before that. */
  readonly takenAtMs: InstantMs;
  readonly monotonicMs: number;
}

const takePicture = async (
  database: Database,
  concertId: ConcertId,
  { planOf, monotonicMs }: { planOf: (row: ShowRow) => Plan; monotonicMs: number },
): Promise<Picture> => {
  const rows = await database.query<ShowRow>({
    name: "sale-look-at-hall",
    text: `
      select
        sh.date,
        sh.starts_at,
        array_to_json(array_agg(s.seat_number order by s.seat_number))::text as numbers,
        array_to_json(array_agg(s.grade order by s.seat_number))::text as grades,
        array_to_json(array_agg(s.price order by s.seat_number))::text as prices,
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
  return {
    shows: rows.map((row) => toShow(row, planOf(row))),
    takenAtMs: rows[0]?.now ?? 0,
    monotonicMs,
  };
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
  const planOf = planReader();
  const pictures = fresh<ConcertId, Picture>({
    load: (concertId) => takePicture(database, concertId, { planOf, monotonicMs: monotonicMs() }),
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
