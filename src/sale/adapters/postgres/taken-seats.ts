import { queuedLoader } from "#platform/batched-loader.ts";
import type { Database } from "#platform/postgres/database.ts";
import type { NumberedSeat } from "../../domain/batch-state.ts";
import { seatKey } from "../../domain/seat.ts";
import type { SeatSet, TakenSeats } from "../../ports/seat-maps.ts";
import { plainArray } from "./arrays.ts";

/** Each seat once: on a hot seat, all callers ask for the same one. */
const distinctSeats = (asked: readonly SeatSet[]) => {
  const seats = new Map<string, NumberedSeat>();
  for (const { concertId, date, seatNumbers } of asked) {
    for (const seatNumber of seatNumbers) {
      seats.set(seatKey(concertId, date, seatNumber), { concertId, date, seatNumber });
    }
  }
  return [...seats.values()];
};

const findTaken = async (
  database: Database,
  asked: readonly SeatSet[],
): Promise<ReadonlySet<string>> => {
  const seats = distinctSeats(asked);
  const rows = await database.query<NumberedSeat>({
    name: "sale-find-taken",
    text: `
      select s.concert_id as "concertId", s.date, s.seat_number as "seatNumber"
      from unnest($1::uuid[], $2::date[], $3::int4[]) as named (concert_id, date, seat_number)
      cross join lateral (
        select *
        from seat s
        where s.concert_id = named.concert_id
          and s.date = named.date
          and s.seat_number = named.seat_number
        offset 0
      ) as s
      where s.status in ('SOLD', 'BLOCKED') or s.status = 'HELD' and s.expires_at > clock_timestamp()`,
    values: [
      plainArray(seats.map((seat) => seat.concertId)),
      plainArray(seats.map((seat) => seat.date)),
      plainArray(seats.map((seat) => seat.seatNumber)),
    ],
  });
  return new Set(rows.map((row) => seatKey(row.concertId, row.date, row.seatNumber)));
};

/** Reads in batches: one statement for all calls that arrived while the statement before ran. */
export const pgTakenSeats = (options: {
  readonly database: Database;
  monotonicMs(): number;
}): TakenSeats & { close(): Promise<void> } => {
  const loader = queuedLoader<SeatSet, readonly number[]>({
    batchMax: 500,
    waitingMax: 10_000,
    deadlineMs: 2000,
    monotonicMs: options.monotonicMs,
    async load(asked) {
      const taken = await findTaken(options.database, asked);
      return asked.map(({ concertId, date, seatNumbers }) =>
        seatNumbers.filter((n) => taken.has(seatKey(concertId, date, n))),
      );
    },
  });
  return { find: loader.load, close: loader.close };
};
