import type { ConcertId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { Concert } from "../domain/concert.ts";
import type { ConcertRecords } from "../ports/concert-records.ts";

export interface LookupLimits {
  /** Ids that wait for a lookup; beyond it a lookup throws Unavailable. */
  readonly lookupsMax: number;
  /** Ids in one lookup. */
  readonly batchMax: number;
}

export type Lookup = (concertId: ConcertId) => Promise<Concert | null>;

/**
 * Loads concerts by id. Ids that arrive while a lookup is in flight share the next one, so that any
 * number of requests costs one statement at a time. Throws Unavailable when `lookupsMax` ids wait, or
 * when the store is away.
 */
export const batchedLookup = (
  records: Pick<ConcertRecords, "load">,
  limits: LookupLimits,
): Lookup => {
  const waiting = new Map<ConcertId, PromiseWithResolvers<Concert | null>>();
  let isDraining = false;

  const loadBatch = async (batch: readonly ConcertId[]) => {
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
    while (waiting.size > 0) await loadBatch([...waiting.keys()].slice(0, limits.batchMax));
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
