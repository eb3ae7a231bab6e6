import type { ConcertId } from "#kernel/ids.ts";
import { toPage, withOneMore } from "#kernel/page.ts";
import type { Concert } from "../domain/concert.ts";
import type { ConcertRecords, ConcertSlice } from "../ports/concert-records.ts";
import type { ConcertCache } from "../ports/concert-cache.ts";

export interface ListConcertsDeps {
  readonly records: Pick<ConcertRecords, "page">;
  readonly cache: Pick<ConcertCache, "find">;
}

export interface ConcertPage {
  readonly concerts: readonly Concert[];
  /** The value of `after` for the next page; null on the last page. */
  readonly next: ConcertId | null;
}

/**
 * Lists a page of the concerts, newest first. The order never changes.
 *
 * Throws Unavailable. Cost: one statement on the primary key, and a lookup of those that are not cached.
 */
export const listConcerts =
  (deps: ListConcertsDeps) =>
  async (slice: ConcertSlice): Promise<ConcertPage> => {
    const ids = await deps.records.page({ ...slice, ...withOneMore(slice) });
    const { items, next } = toPage(ids, slice.limit, (id) => id);
    const found = await Promise.all(items.map(async (id) => deps.cache.find(id)));
    return { concerts: found.filter((concert) => concert !== null), next };
  };
