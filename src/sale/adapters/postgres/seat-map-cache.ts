import { whenThere } from "#kernel/maybe-promise.ts";
import type { ConcertId } from "#kernel/ids.ts";
import { loadingCache, type LoadingCache } from "#platform/loading-cache.ts";
import type { Database } from "#platform/postgres/database.ts";
import type { SeatMapCache, SeatMaps } from "../../ports/seat-maps.ts";
import { readChanges, readWhole, type SeatMapRead } from "./read-seat-maps.ts";

interface Snapshot extends SeatMapRead {
  /** This instance's monotonic clock before the statement was sent, in ms. */
  readonly monotonicMs: number;
}

/** An age counts from the start of the load. Twice this is less than the 1 s that the contract allows. */
const maxAgeMs = 500;

/**
 * Keeps the seat maps of up to 1,000 concerts in memory: read once as a whole, and then fed by what has changed.
 * `nowMs` is the database's clock at the load, advanced by this instance's monotonic clock, so that a hold
 * lapses between two loads.
 */
export const pgSeatMapCache = (options: {
  readonly database: Database;
  monotonicMs(): number;
}): SeatMapCache => {
  const { database, monotonicMs } = options;
  const snapshots: LoadingCache<ConcertId, Snapshot> = loadingCache({
    async load(concertId) {
      const sentMs = monotonicMs();
      const last = snapshots.peek(concertId);
      const read =
        (last && (await readChanges(database, { concertId }, last))) ??
        (await readWhole(database, { concertId }));
      return { ...read, monotonicMs: sentMs };
    },
    maxAgeMs,
    nowMs: monotonicMs,
    entriesMax: 1000,
  });
  const toSeatMaps = (snapshot: Snapshot): SeatMaps => ({
    shows: snapshot.shows,
    nowMs: snapshot.readAtMs + Math.floor(monotonicMs() - snapshot.monotonicMs),
  });
  return {
    get: (concertId) => whenThere(snapshots.get(concertId), toSeatMaps),
    peek(concertId) {
      const snapshot = snapshots.peek(concertId);
      return snapshot === undefined ? null : toSeatMaps(snapshot);
    },
  };
};
