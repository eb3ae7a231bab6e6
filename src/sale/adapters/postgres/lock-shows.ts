import type { ConcertId } from "#kernel/ids.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import { showKey, type BatchState, type ShowSeats } from "../../domain/batch-state.ts";
import { freeSeats } from "../../domain/free-seats.ts";
import { plainArray } from "./arrays.ts";
import {
  freeBits,
  knownShow,
  withChanges,
  withOwnChanges,
  type KnownShow,
  type KnownShows,
} from "./known-shows.ts";
import type { LockSet } from "./lock-set.ts";
import { findChanges, readWhole } from "./read-seat-maps.ts";

const parameters = ({ shows }: LockSet): string[] => [
  plainArray([...shows.values()].map(({ concertId }) => concertId)),
  plainArray([...shows.values()].map(({ date }) => date)),
];

/**
 * Locks the shows in which a command asks for the best seats, so that one batch at a time chooses in a show. It
 * always waits: the lock lasts as long as one batch, and a batch that holds it waits for no buyer. `xid`: the transaction.
 */
export const lockShows = (tx: Queryable, lockSet: LockSet) =>
  tx.query<{ xid: number }>({
    name: "sale-lock-shows",
    text: `
      select pg_current_xact_id()::text::int8 as xid
      from unnest($1::uuid[], $2::date[]) as named (concert_id, date)
      join show sh using (concert_id, date)
      order by sh.concert_id, sh.date
      for no key update of sh`,
    values: parameters(lockSet),
  });

/** Which seats of a show are free. */
export interface ShowSeatsRow {
  readonly concertId: ConcertId;
  readonly date: string;
  /** One element a seat: 1 when the seat is free, also when its hold has lapsed. */
  readonly bits: Uint8Array;
  readonly known: KnownShow;
}

/** A show as a whole; null: it has no seats. */
const readShow = async (
  tx: Queryable,
  show: { readonly concertId: ConcertId; readonly date: string },
) => {
  const { shows, readAtMs } = await readWhole(tx, show);
  const [map] = shows;
  return map === undefined ? null : { known: knownShow(map), nowMs: readAtMs };
};

/**
 * Reads which seats of the shows are free, without a lock. Of a show that is known only what others have changed is
 * read: the batch before sold a few hundred seats, the hall may have 60,000. A show without seats has no row.
 */
export const readShowSeats = async (
  tx: Queryable,
  { shows }: LockSet,
  known: KnownShows,
): Promise<readonly ShowSeatsRow[]> => {
  const read = async ([key, show]: [string, { concertId: ConcertId; date: string }]) => {
    const last = known.get(key);
    const [row] = (last && (await findChanges(tx, show, last))) ?? [];
    const now =
      last && row ? { known: withChanges(last, row), nowMs: row.now } : await readShow(tx, show);
    if (now === null) return [];
    known.set(key, now.known);
    return [{ ...show, known: now.known, bits: freeBits(now.known, now.nowMs) }];
  };
  return (await Promise.all([...shows].map(read))).flat();
};

/**
 * Remembers the seats that a batch has saved, after its commit, so that the next one need not read them. `xid`: its
 * transaction. When another batch has read a show since, that read counts: it may be newer.
 */
export const rememberOwn = (
  known: KnownShows,
  read: readonly ShowSeatsRow[],
  xid: number,
  { changes, seats }: BatchState,
): void => {
  const saved = [...changes.seats].flatMap((key) => seats.get(key) ?? []);
  for (const show of read) {
    const key = showKey(show.concertId, show.date);
    if (known.get(key) !== show.known) continue;
    const own = saved.filter((seat) => showKey(seat.concertId, seat.date) === key);
    known.set(key, withOwnChanges(show.known, own, xid));
  }
};

export const toShowSeats = ({ bits }: ShowSeatsRow): ShowSeats => ({
  free: freeSeats(bits.slice()),
  committed: freeSeats(bits.slice()),
});
