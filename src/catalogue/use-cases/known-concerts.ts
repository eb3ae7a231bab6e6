import type { Clock } from "#kernel/instant.ts";
import type { ConcertId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/trouble.ts";
import {
  closingLateMs,
  type Concert,
  isRunning,
  openingSoonMs,
  type SaleSettings,
} from "../domain/concert.ts";
import { policyRanges } from "../domain/policy.ts";
import type { ConcertRecords } from "../ports/concert-records.ts";

/** What one instance knows of the concerts: what every request asks, so that none waits for a store. */
export interface KnownConcerts {
  /**
   * The concert, or null when there is none. From memory; only an id that was not asked for lately is
   * looked up. Throws Unavailable when such an id cannot be looked up now.
   */
  find(concertId: ConcertId): Promise<Concert | null>;
  /** Concerts whose line may have something to do. Throws Unavailable before the first refresh has come through. */
  running(): Promise<readonly Concert[]>;
  /** Takes in a concert that this instance has made. */
  learn(concert: Concert): void;
  /** Takes in settings that this instance has changed; older ones than known are ignored. */
  learnSettings(concertId: ConcertId, settings: SaleSettings): void;
  /** Reads the settings of all that is known or running anew; one refresh at a time, who asks meanwhile joins it. Throws Unavailable. */
  refresh(): Promise<void>;
}

export interface KnownConcertsDeps {
  readonly records: Pick<ConcertRecords, "load" | "settings">;
  readonly clock: Clock;
  readonly limits?: Partial<KnownConcertsLimits>;
}

export interface KnownConcertsLimits {
  /** Concerts kept; beyond it the one that was learnt first goes. */
  readonly concertsMax: number;
  /** Ids kept as naming nothing. */
  readonly absentMax: number;
  /** For how long such an id is not looked up again. */
  readonly absentMs: number;
  /** Ids waiting to be looked up; beyond it the server sheds load. */
  readonly lookupsMax: number;
  /** Ids in one look-up. */
  readonly batchMax: number;
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
  const absent = new Map<ConcertId, number>();
  const lookUp = batchedLookup(records, limits);
  let refreshing: Promise<void> | null = null;
  let hasRefreshed = false;

  const learnSettings = (concertId: ConcertId, settings: SaleSettings) => {
    const entry = known.get(concertId);
    if (entry !== undefined && settings.version >= entry.concert.version)
      entry.concert = { ...entry.concert, ...settings };
  };

  const learn = (concert: Concert) => {
    absent.delete(concert.concertId);
    if (known.has(concert.concertId)) return learnSettings(concert.concertId, concert);
    evictFirst(known, limits.concertsMax);
    known.set(concert.concertId, { concert, askedAtMs: clock.nowMs() });
  };

  const isAbsent = (concertId: ConcertId): boolean => {
    const sinceMs = absent.get(concertId);
    // In both directions: a clock that is set back must not make the absence last.
    return sinceMs !== undefined && Math.abs(clock.nowMs() - sinceMs) < limits.absentMs;
  };

  const find = async (concertId: ConcertId): Promise<Concert | null> => {
    const entry = known.get(concertId);
    if (entry !== undefined) {
      entry.askedAtMs = clock.nowMs();
      return entry.concert;
    }
    if (isAbsent(concertId)) return null;
    const found = await lookUp(concertId);
    if (found !== null) {
      learn(found);
      return known.get(concertId)?.concert ?? found;
    }
    absent.delete(concertId);
    evictFirst(absent, limits.absentMax);
    absent.set(concertId, clock.nowMs());
    return null;
  };

  const forgetIdle = (nowMs: number) => {
    for (const [concertId, { concert, askedAtMs }] of known)
      if (nowMs - askedAtMs >= limits.idleMs && !isRunning(concert, nowMs)) known.delete(concertId);
  };

  const refreshOnce = async (): Promise<void> => {
    const nowMs = clock.nowMs();
    forgetIdle(nowMs);
    const kept = await records.settings([...known.keys()], {
      opensBeforeMs: nowMs + openingSoonMs,
      closedAfterMs: nowMs - lingerMsMax,
      lastShowAfterMs: nowMs - lingerMsMax,
    });
    const unknown = kept.map(({ concertId }) => concertId).filter((id) => !known.has(id));
    for (const { concertId, ...settings } of kept) learnSettings(concertId, settings);
    for (let from = 0; from < unknown.length; from += limits.batchMax)
      for (const concert of await records.load(unknown.slice(from, from + limits.batchMax)))
        learn(concert);
    hasRefreshed = true;
  };

  const refresh = (): Promise<void> => {
    refreshing ??= refreshOnce().finally(() => {
      refreshing = null;
    });
    return refreshing;
  };

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

const evictFirst = <K>(map: Map<K, unknown>, entriesMax: number) => {
  if (map.size < entriesMax) return;
  for (const key of map.keys()) return void map.delete(key);
};

type Lookup = (concertId: ConcertId) => Promise<Concert | null>;

/** Looks up ids, together while a look-up is in flight: a flood of ids is one statement at a time. */
const batchedLookup = (
  records: Pick<ConcertRecords, "load">,
  limits: KnownConcertsLimits,
): Lookup => {
  const waiting = new Map<ConcertId, PromiseWithResolvers<Concert | null>>();
  let isDraining = false;

  const settle = async (batch: readonly ConcertId[]) => {
    const answer = (id: ConcertId, act: (one: PromiseWithResolvers<Concert | null>) => void) => {
      const one = waiting.get(id);
      waiting.delete(id);
      if (one !== undefined) act(one);
    };
    try {
      const found = new Map((await records.load(batch)).map((one) => [one.concertId, one]));
      for (const id of batch) answer(id, ({ resolve }) => resolve(found.get(id) ?? null));
    } catch (error) {
      for (const id of batch) answer(id, ({ reject }) => reject(error));
    }
  };

  const drain = async () => {
    isDraining = true;
    while (waiting.size > 0) await settle([...waiting.keys()].slice(0, limits.batchMax));
    isDraining = false;
  };

  return (concertId) => {
    const asked = waiting.get(concertId);
    if (asked !== undefined) return asked.promise;
    if (waiting.size >= limits.lookupsMax)
      return Promise.reject(new Unavailable("too many unknown concerts are being looked up"));
    const one = Promise.withResolvers<Concert | null>();
    waiting.set(concertId, one);
    if (!isDraining) void drain();
    return one.promise;
  };
};
