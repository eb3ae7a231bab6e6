import type { Clock, InstantMs } from "#kernel/instant.ts";
import type { ConcertId } from "#kernel/ids.ts";
import {
  closingLateMs,
  type Concert,
  isRunning,
  openingSoonMs,
  type SaleSettings,
} from "../domain/concert.ts";
import { policyRanges } from "../domain/policy.ts";
import type { ConcertRecords, RunningWindow } from "../ports/concert-records.ts";
import { batchedLookup, type LookupLimits } from "./batched-lookup.ts";

/** What one instance knows of the concerts: what every request asks, so that none waits for a store. */
export interface KnownConcerts {
  /**
   * The concert, or null when there is none. From memory; only an id that was not asked for lately is
   * looked up. Throws Unavailable when such an id cannot be looked up now.
   */
  readonly find: (concertId: ConcertId) => Promise<Concert | null>;
  /** Concerts whose queue may have something to do. Throws Unavailable before the first refresh has come through. */
  readonly running: () => Promise<readonly Concert[]>;
  /** Takes in a concert that this instance has made. */
  readonly learn: (concert: Concert) => void;
  /** Takes in settings that this instance has changed; older ones than known are ignored. */
  readonly learnSettings: (concertId: ConcertId, settings: SaleSettings) => void;
  /** Reads the settings of all that is known or running anew; one refresh at a time, who asks meanwhile joins it. Throws Unavailable. */
  readonly refresh: () => Promise<void>;
}

export interface KnownConcertsDeps {
  readonly records: Pick<ConcertRecords, "load" | "settings">;
  readonly clock: Clock;
  readonly limits?: Partial<KnownConcertsLimits>;
}

export interface KnownConcertsLimits extends LookupLimits {
  /** Concerts kept; beyond it the one that was learnt first goes. */
  readonly concertsMax: number;
  /** Ids kept as naming nothing. */
  readonly absentMax: number;
  /** For how long such an id is not looked up again. */
  readonly absentMs: number;
  /** A concert that is not running and was not asked for in this time is forgotten. */
  readonly idleMs: number;
}

const usualLimits: KnownConcertsLimits = {
  concertsMax: 10_000,
  absentMax: 10_000,
  absentMs: 1_000,
  lookupsMax: 10_000,
  batchMax: 500,
  idleMs: 600_000,
};

const slotSecondsMax = Math.max(policyRanges.sessionSeconds.max, policyRanges.holdSeconds.max);
const lingerMsMax = slotSecondsMax * 1000 + closingLateMs;

interface Entry {
  concert: Concert;
  askedAtMs: number;
}

/** Memory of the concerts, empty at first; see KnownConcerts. */
export const knownConcerts = (deps: KnownConcertsDeps): KnownConcerts => {
  const { records, clock } = deps;
  const limits = { ...usualLimits, ...deps.limits };
  const known = new Map<ConcertId, Entry>();
  const absent = absences(limits, clock);
  const lookUp = batchedLookup(records, limits);
  let hasRefreshed = false;

  const learnSettings = (concertId: ConcertId, settings: SaleSettings) => {
    const entry = known.get(concertId);
    if (entry !== undefined && settings.version > entry.concert.version)
      entry.concert = { ...entry.concert, ...settings };
  };

  const learn = (concert: Concert) => {
    absent.forget(concert.concertId);
    if (known.has(concert.concertId)) return learnSettings(concert.concertId, concert);
    evictFirst(known, limits.concertsMax);
    known.set(concert.concertId, { concert, askedAtMs: clock.nowMs() });
  };

  const find = async (concertId: ConcertId): Promise<Concert | null> => {
    const entry = known.get(concertId);
    if (entry !== undefined) {
      entry.askedAtMs = clock.nowMs();
      return entry.concert;
    }
    if (absent.has(concertId)) return null;
    const found = await lookUp(concertId);
    if (found === null) {
      absent.add(concertId);
      return null;
    }
    learn(found);
    return known.get(concertId)?.concert ?? found;
  };

  const refreshOnce = async (): Promise<void> => {
    const nowMs = clock.nowMs();
    forgetIdle(known, limits.idleMs, nowMs);
    const kept = await records.settings([...known.keys()], windowAt(nowMs));
    const unknown = kept.map(({ concertId }) => concertId).filter((id) => !known.has(id));
    for (const { concertId, ...settings } of kept) learnSettings(concertId, settings);
    for (let from = 0; from < unknown.length; from += limits.batchMax)
      for (const concert of await records.load(unknown.slice(from, from + limits.batchMax)))
        learn(concert);
    hasRefreshed = true;
  };

  const refresh = oneAtATime(refreshOnce);

  return {
    find,
    learn,
    learnSettings,
    refresh,
    running: async () => {
      if (!hasRefreshed) await refresh();
      const nowMs = clock.nowMs();
      return [...known.values()]
        .map(({ concert }) => concert)
        .filter((concert) => isRunning(concert, nowMs));
    },
  };
};

/** Holds every concert that isRunning says is, and some that are just over. */
const windowAt = (nowMs: InstantMs): RunningWindow => ({
  opensBeforeMs: nowMs + openingSoonMs,
  closedAfterMs: nowMs - lingerMsMax,
  lastShowAfterMs: nowMs - lingerMsMax,
});

const forgetIdle = (known: Map<ConcertId, Entry>, idleMs: number, nowMs: InstantMs) => {
  for (const [concertId, { concert, askedAtMs }] of known)
    if (nowMs - askedAtMs >= idleMs && !isRunning(concert, nowMs)) known.delete(concertId);
};

const evictFirst = <K>(map: Map<K, unknown>, entriesMax: number) => {
  if (map.size < entriesMax) return;
  for (const key of map.keys()) return void map.delete(key);
};

/** Ids that were looked up lately and name nothing. */
const absences = (limits: KnownConcertsLimits, clock: Clock) => {
  const sinceMs = new Map<ConcertId, number>();
  return {
    has: (concertId: ConcertId): boolean => {
      const atMs = sinceMs.get(concertId);
      // In both directions: a clock that is set back must not make the absence last.
      return atMs !== undefined && Math.abs(clock.nowMs() - atMs) < limits.absentMs;
    },
    add: (concertId: ConcertId) => {
      sinceMs.delete(concertId);
      evictFirst(sinceMs, limits.absentMax);
      sinceMs.set(concertId, clock.nowMs());
    },
    forget: (concertId: ConcertId) => sinceMs.delete(concertId),
  };
};

/** Who asks while the work is being done joins it. */
const oneAtATime = (work: () => Promise<void>): (() => Promise<void>) => {
  let running: Promise<void> | null = null;
  return () => {
    running ??= work().finally(() => {
      running = null;
    });
    return running;
  };
};
