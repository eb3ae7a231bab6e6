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
  readonly numbers: number[];
  readonly grades: string[];
  readonly prices: number[];
  readonly statuses: SeatStatus[];
  readonly ends: (InstantMs | null)[];
  readonly now: InstantMs;
}

const toShow = (row: ShowRow): HallShow => ({
  date: row.date,
  startsAtMs: row.starts_at,
  seats: row.numbers.map((seatNumber, index): HallSeat => ({
    seatNumber,
    grade: row.grades[index] ?? "",
    price: row.prices[index] ?? 0,
    status: row.statuses[index] ?? "SOLD",
    expiresAtMs: row.ends[index] ?? null,
  })),
});

interface Picture {
  readonly shows: readonly HallShow[];
  /** The database's clock when it was taken, and this instance's monotonic clock before that. */
  readonly takenAtMs: InstantMs;
  readonly monotonicMs: number;
}

const takePicture = async (
  database: Database,
  concertId: ConcertId,
  monotonicMs: number,
): Promise<Picture> => {
  const rows = await database.query<ShowRow>({
    name: "sale-look-at-hall",
    text: `
      select
        sh.date,
        sh.starts_at,
        array_agg(s.seat_number order by s.seat_number) as numbers,
        array_agg(s.grade order by s.seat_number) as grades,
        array_agg(s.price order by s.seat_number) as prices,
        array_agg(s.status order by s.seat_number) as statuses,
        array_agg(s.expires_at order by s.seat_number) as ends,
        clock_timestamp() as now
      from show sh
      join seat s using (concert_id, date)
      where sh.concert_id = $1
      group by sh.date, sh.starts_at
      order by sh.date`,
    values: [concertId],
  });
  return { shows: rows.map(toShow), takenAtMs: rows[0]?.now ?? 0, monotonicMs };
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
  const pictures = fresh<ConcertId, Picture>({
    load: (concertId) => takePicture(database, concertId, monotonicMs()),
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
