import { queuedLoader } from "#platform/batched-loader.ts";
import type { Database } from "#platform/postgres/database.ts";
import type { NumberedSeat } from "../../domain/batch-state.ts";
import { seatKey } from "../../domain/seat.ts";
import type { SeatSet, TakenSeats } from "../../ports/seat-maps.ts";
import { knownTaken, trustMs } from "../known-taken.ts";
import { plainArray } from "./arrays.ts";

/** A hold that ends sooner is not remembered. Twice the time of trust: the database's clock may be set forward. */
const staysMs = 2 * trustMs;

const keyOf = ({ concertId, date, seatNumber }: NumberedSeat): string =>
  seatKey(concertId, date, seatNumber);

/** Each seat once: on a hot seat, all callers ask for the same one. */
const distinctSeats = (asked: readonly SeatSet[]) => {
  const seats = new Map<string, NumberedSeat>();
  for (const { concertId, date, seatNumbers } of asked) {
    for (const seatNumber of seatNumbers) {
      seats.set(seatKey(concertId, date, seatNumber), { concertId, date, seatNumber });
    }
  }
  return seats;
};

interface TakenSeat extends NumberedSeat {
  /** Whether no hold on it lapses soon. */
  readonly stays: boolean;
}

const findTaken = (
  database: Database,
  seats: readonly NumberedSeat[],
): Promise<readonly TakenSeat[]> =>
  database.query<TakenSeat>({
    name: "sale-find-taken",
    text: `
      select s.concert_id as "concertId", s.date, s.seat_number as "seatNumber",
        s.status <> 'HELD' or s.expires_at > clock_timestamp() + $4 * interval '1 ms' as stays
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
      staysMs,
    ],
  });

/**
 * Reads in batches: one statement for all calls that arrived while the statement before ran. No read for seats that one of
 * the last `trustMs` has all shown as taken; when that read is older than `renewAfterMs`, another one begins meanwhile.
 */
export const pgTakenSeats = (options: {
  readonly database: Database;
  monotonicMs(): number;
}): TakenSeats & { close(): Promise<void> } => {
  const { database, monotonicMs } = options;
  const known = knownTaken(monotonicMs);
  const loader = queuedLoader<SeatSet, readonly number[]>({
    batchMax: 500,
    waitingMax: 10_000,
    deadlineMs: 2000,
    monotonicMs,
    async load(asked) {
      const seats = distinctSeats(asked);
      const sentMs = monotonicMs();
      const rows = await findTaken(database, [...seats.values()]);
      const taken = new Set(rows.map(keyOf));
      const staying = rows.filter(({ stays }) => stays).map(keyOf);
      known.note(seats.keys(), new Set(staying), sentMs);
      return asked.map((set) =>
        set.seatNumbers.filter((seatNumber) => taken.has(keyOf({ ...set, seatNumber }))),
      );
    },
  });
  let isRenewing = false;
  const renew = (set: SeatSet): void => {
    isRenewing = true;
    const end = (): void => void (isRenewing = false);
    // When it fails, the attempt that waits for the next read hears of it.
    loader.load(set).then(end, end);
  };
  return {
    find: (set) => {
      const keys = set.seatNumbers.map((seatNumber) => keyOf({ ...set, seatNumber }));
      if (!known.hasAll(keys)) return loader.load(set);
      if (!isRenewing && known.shouldRenew(keys)) renew(set);
      return set.seatNumbers;
    },
    close: loader.close,
  };
};
