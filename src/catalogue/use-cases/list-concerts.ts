import type { ConcertId } from "#kernel/ids.ts";
import type { Concert } from "../domain/concert.ts";
import type { ConcertRecords } from "../ports/concert-records.ts";
import type { ConcertCache } from "../ports/concert-cache.ts";

export interface ListConcertsDeps {
  readonly records: Pick<ConcertRecords, "page">;
  readonly cache: Pick<ConcertCache, "find">;
}

export interface ListConcerts {
  /** The last concert of the previous page; null: the first page. */
  readonly after: ConcertId | null;
  /** 1 to 100. */
  readonly limit: number;
  readonly withDrafts: boolean;
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
  async ({ after, limit, withDrafts }: ListConcerts): Promise<ConcertPage> => {
    // One id more than the limit shows whether there is a next page.
    const ids = await deps.records.page({ after, limit: limit + 1, withDrafts });
    const shown = ids.slice(0, limit);
    const found = await Promise.all(shown.map((id) => deps.cache.find(id)));
    return {
      concerts: found.filter((concert) => concert !== null),
      next: ids.length > limit ? (shown.at(-1) ?? null) : null,
    };
  };
