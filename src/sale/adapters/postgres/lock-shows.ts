import { BoundedMap } from "#kernel/bounded-map.ts";
import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import type { ShowSeats } from "../../domain/batch-state.ts";
import { freeSeats } from "../../domain/free-seats.ts";
import { lapsedSeats, type SeatMap } from "../../domain/seat-map.ts";
import { plainArray } from "./arrays.ts";
import type { LockSet } from "./lock-set.ts";
import { readChanges, readWhole, type SeatMapRead } from "./read-seat-maps.ts";

const parameters = ({ shows }: LockSet): string[] => [
  plainArray([...shows.values()].map(({ concertId }) => concertId)),
  plainArray([...shows.values()].map(({ date }) => date)),
];

/**
 * Locks the shows in which a command asks for the best seats, so that one batch at a time chooses in a show. It
 * always waits: the lock lasts as long as one batch, and a batch that holds it waits for no buyer.
 */
export const lockShows = (tx: Queryable, lockSet: LockSet) =>
  tx.query<{ concert_id: ConcertId }>({
    name: "sale-lock-shows",
    text: `
      select sh.concert_id
      from unnest($1::uuid[], $2::date[]) as named (concert_id, date)
      join show sh using (concert_id, date)
      order by sh.concert_id, sh.date
      for no key update of sh`,
    values: parameters(lockSet),
  });

/** The seats of shows as batches have read them last, by `showKey`. */
export type KnownShows = BoundedMap<string, SeatMapRead>;

const showsMax = 100;

export const knownShows = (): KnownShows => new BoundedMap(showsMax);

/** Which seats of a show are free. */
export interface ShowSeatsRow {
  readonly concertId: ConcertId;
  readonly date: string;
  /** One element a seat: 1 when the seat is free, also when its hold has lapsed. */
  readonly bits: Uint8Array;
}

const bitsOf = (map: SeatMap, nowMs: InstantMs): Uint8Array => {
  const bits = new Uint8Array(map.statuses.length);
  for (let index = 0; index < bits.length; index += 1)
    bits[index] = Number(map.statuses.charAt(index) === "A");
  for (const seatNumber of lapsedSeats(map, nowMs)) bits[seatNumber - 1] = 1;
  return bits;
};

/**
 * Reads which seats of the shows are free, without a lock. Of a show that is known only what has changed is read: the
 * batch before sold a few hundred seats, the hall may have 60,000. A show without seats has no row.
 */
export const readShowSeats = async (
  tx: Queryable,
  { shows }: LockSet,
  known: KnownShows,
): Promise<readonly ShowSeatsRow[]> => {
  const read = async ([key, show]: [string, { concertId: ConcertId; date: string }]) => {
    const last = known.get(key);
    const changed = last && (await readChanges(tx, show, last));
    const now = changed ?? (await readWhole(tx, show));
    known.set(key, now);
    return now.shows.map((map) => ({ ...show, bits: bitsOf(map, now.readAtMs) }));
  };
  return (await Promise.all([...shows].map(read))).flat();
};

export const toShowSeats = ({ bits }: ShowSeatsRow): ShowSeats => ({
  free: freeSeats(bits.slice()),
  committed: freeSeats(bits.slice()),
});
