import type { Clock, InstantMs } from "#kernel/instant.ts";
import type { ConcertId } from "#kernel/ids.ts";
import type { MaybePromise } from "#kernel/maybe-promise.ts";
import { queuedLoader } from "#platform/batched-loader.ts";
import {
  closingLateMs,
  type Concert,
  isRunning,
  openingSoonMs,
  type SaleSettings,
} from "../domain/concert.ts";
import { policyRanges } from "../domain/policy.ts";
import type { ConcertCache } from "../ports/concert-cache.ts";
import type { ConcertRecords, RunningWindow } from "../ports/concert-records.ts";

export interface ConcertCacheDeps {
  readonly records: Pick<ConcertRecords, "load" | "settings">;
  readonly clock: Clock;
  readonly limits?: Partial<ConcertCacheLimits>;
}

export interface ConcertCacheLimits {
  /** Lookups that wait for a load; beyond it a lookup throws Unavailable. */
  readonly lookupsMax: number;
  /** Concerts in one load. */
  readonly batchMax: number;
  /** Cached concerts; beyond it the one that was added first is evicted. */
  readonly concertsMax: number;
  /** Cached ids that name no concert. */
  readonly absentMax: number;
  /** For how long such an id is answered from the cache. */
  readonly absentMs: number;
  /** A concert that is not running and was not requested within this time is evicted. */
  readonly idleMs: number;
}

/** A lookup that takes longer throws Unavailable. */
const lookupDeadlineMs = 2_000;

const defaultLimits: ConcertCacheLimits = {
  concertsMax: 10_000,
  absentMax: 10_000,
  absentMs: 1_000,
  lookupsMax: 10_000,
  batchMax: 500,
  idleMs: 600_000,
};

const slotSecondsMax = Math.max(policyRanges.sessionSeconds.max, policyRanges.holdSeconds.max);
const runOnMsMax = slotSecondsMax * 1000 + closingLateMs;

interface Entry {
  concert: Concert;
  /** The version with which all facts of the concert were read. */
  factsVersion: number;
  requestedAtMs: number;
}

const settingsOf = (concert: Concert): SaleSettings => {
  const { version, policy, pausedAtMs, resumedAtMs, rampSeconds, closedAtMs } = concert;
  const { cancelledAtMs, drawSeed } = concert;
  const times = { pausedAtMs, resumedAtMs, rampSeconds, closedAtMs, cancelledAtMs };
  return { version, policy, ...times, drawSeed };
};

/** Gives the entry the facts of the concert, unless it has later ones, and the later settings of both. */
const replaceFacts = (entry: Entry, concert: Concert): void => {
  if (concert.version < entry.factsVersion) return;
  const isNewer = concert.version > entry.concert.version;
  entry.concert = { ...concert, ...(isNewer ? concert : settingsOf(entry.concert)) };
  entry.factsVersion = concert.version;
};

/** Loads concerts, those of concurrent callers in one statement; null for an id that names none. */
const concertLoader = (records: ConcertCacheDeps["records"], limits: ConcertCacheLimits) =>
  queuedLoader<ConcertId, Concert | null>({
    batchMax: limits.batchMax,
    waitingMax: limits.lookupsMax,
    deadlineMs: lookupDeadlineMs,
    monotonicMs: () => performance.now(),
    async load(ids) {
      const concerts = await records.load([...new Set(ids)]);
      const found = new Map(concerts.map((concert) => [concert.concertId, concert]));
      return ids.map((id) => found.get(id) ?? null);
    },
  });

/** An empty cache in front of PostgreSQL; see ConcertCache. */
export const concertCache = (deps: ConcertCacheDeps): ConcertCache => {
  const { records, clock } = deps;
  const limits = { ...defaultLimits, ...deps.limits };
  const entries = new Map<ConcertId, Entry>();
  const absent = negativeCache(limits, clock);
  const lookups = concertLoader(records, limits);
  let hasRefreshed = false;

  const putSettings = (concertId: ConcertId, settings: SaleSettings) => {
    const entry = entries.get(concertId);
    if (entry !== undefined && settings.version > entry.concert.version)
      entry.concert = { ...entry.concert, ...settings };
  };

  const put = (concert: Concert) => {
    absent.remove(concert.concertId);
    const entry = entries.get(concert.concertId);
    if (entry !== undefined) return replaceFacts(entry, concert);
    evictFirst(entries, limits.concertsMax);
    const { version: factsVersion } = concert;
    entries.set(concert.concertId, { concert, factsVersion, requestedAtMs: clock.nowMs() });
  };

  const find = (concertId: ConcertId): MaybePromise<Concert | null> => {
    const entry = entries.get(concertId);
    if (entry !== undefined) {
      entry.requestedAtMs = clock.nowMs();
      return entry.concert;
    }
    return absent.has(concertId) ? null : lookUp(concertId);
  };

  const lookUp = async (concertId: ConcertId): Promise<Concert | null> => {
    const found = await lookups.load(concertId);
    if (found === null) {
      absent.add(concertId);
      return null;
    }
    put(found);
    return entries.get(concertId)?.concert ?? found;
  };

  const refreshOnce = async (): Promise<void> => {
    const nowMs = clock.nowMs();
    evictIdle(entries, limits.idleMs, nowMs);
    const kept = await records.settings([...entries.keys()], windowAt(nowMs));
    const unknown = kept
      .filter((one) => (entries.get(one.concertId)?.factsVersion ?? 0) < one.factsVersion)
      .map(({ concertId }) => concertId);
    for (const { concertId, factsVersion: _, ...settings } of kept)
      putSettings(concertId, settings);
    for (let from = 0; from < unknown.length; from += limits.batchMax)
      for (const concert of await records.load(unknown.slice(from, from + limits.batchMax)))
        put(concert);
    hasRefreshed = true;
  };

  const refresh = singleFlight(refreshOnce);

  return {
    find,
    put,
    putSettings,
    refresh,
    running: async () => {
      if (!hasRefreshed) await refresh();
      const nowMs = clock.nowMs();
      return [...entries.values()]
        .map(({ concert }) => concert)
        .filter((concert) => isRunning(concert, nowMs));
    },
  };
};

/** A window that contains every running concert (see isRunning) and some that have just ended. */
const windowAt = (nowMs: InstantMs): RunningWindow => ({
  opensBeforeMs: nowMs + openingSoonMs,
  closedAfterMs: nowMs - runOnMsMax,
  lastShowAfterMs: nowMs - runOnMsMax,
});

const evictIdle = (entries: Map<ConcertId, Entry>, idleMs: number, nowMs: InstantMs) => {
  for (const [concertId, { concert, requestedAtMs }] of entries)
    if (nowMs - requestedAtMs >= idleMs && !isRunning(concert, nowMs)) entries.delete(concertId);
};

const evictFirst = <K>(map: Map<K, unknown>, entriesMax: number) => {
  if (map.size < entriesMax) return;
  for (const key of map.keys()) return void map.delete(key);
};

/** The negative cache: ids that PostgreSQL did not know when it was asked. */
const negativeCache = (limits: ConcertCacheLimits, clock: Clock) => {
  const sinceMs = new Map<ConcertId, number>();
  return {
    has: (concertId: ConcertId): boolean => {
      const atMs = sinceMs.get(concertId);
      // The absolute difference: a clock that is set back must not extend the entry.
      return atMs !== undefined && Math.abs(clock.nowMs() - atMs) < limits.absentMs;
    },
    add: (concertId: ConcertId) => {
      sinceMs.delete(concertId);
      evictFirst(sinceMs, limits.absentMax);
      sinceMs.set(concertId, clock.nowMs());
    },
    remove: (concertId: ConcertId) => sinceMs.delete(concertId),
  };
};

/** Runs the work once at a time; a call during a run gets that run's promise. */
const singleFlight = (work: () => Promise<void>): (() => Promise<void>) => {
  let running: Promise<void> | null = null;
  return () => {
    running ??= work().finally(() => {
      running = null;
    });
    return running;
  };
};
