import type { ConcertId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/trouble.ts";
import type { Concert } from "../domain/concert.ts";
import type { ConcertRecords } from "../ports/concert-records.ts";

export interface LookupLimits {
  /** Ids waiting to be looked up; beyond it the server sheds load. */
  readonly lookupsMax: number;
  /** Ids in one look-up. */
  readonly batchMax: number;
}

export type Lookup = (concertId: ConcertId) => Promise<Concert | null>;

/**
 * Looks concerts up by id, those that come while a look-up is in flight together: a flood of ids is one
 * statement at a time, and a lone one waits for nobody. Throws Unavailable when too many wait, or the
 * store is away.
 */
export const batchedLookup = (
  records: Pick<ConcertRecords, "load">,
  limits: LookupLimits,
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
