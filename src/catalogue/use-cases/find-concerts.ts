import type { ConcertId } from "#kernel/ids.ts";
import type { QueueState } from "#kernel/queue-forecasts.ts";
import type { Concert } from "../domain/concert.ts";
import type { ConcertSlice } from "../ports/concert-records.ts";
import type { SaleMonitor } from "../ports/sale-monitor.ts";
import { listConcerts, type ListConcertsDeps } from "./list-concerts.ts";

export interface FindConcertsDeps extends ListConcertsDeps {
  readonly monitor: Pick<SaleMonitor, "getState">;
}

export interface FindConcerts {
  readonly limit: number;
  readonly after: ConcertId | null;
  /** A part of the title or of the venue, in any case, or an id; null: any. */
  readonly text: string | null;
  readonly state: QueueState | null;
  /** Whether the sale is over: it is closed, or every show has begun. Null: both. */
  readonly isOver: boolean | null;
}

export interface ConcertInState {
  readonly concert: Concert;
  readonly state: QueueState;
}

export interface FoundConcerts {
  readonly found: readonly ConcertInState[];
  /** The value of `after` for the next page; null on the last page. */
  readonly next: ConcertId | null;
}

/** Concerts whose state one call reads. Beyond it the page ends, with fewer items than it could have. */
const readMax = 400;
const readAtOnce = 100;

/** A state tells whether the sale is over, which the database knows: so most others are not read. */
const isOverIn = (state: QueueState): boolean => state === "CLOSED" || state === "ENDED";

/**
 * Finds concerts for operators, drafts too, newest first. The order never changes. Only the queue knows a state, so a
 * rare one makes pages with few items or none; the list goes on while there is a `next`.
 *
 * Throws Unavailable. Cost: without a state one statement, with one up to four, and the states of up to 400 concerts.
 */
export const findConcerts = (deps: FindConcertsDeps) => {
  const list = listConcerts(deps);
  const read = async (slice: ConcertSlice, state: QueueState | null): Promise<FoundConcerts> => {
    const { concerts, next } = await list(slice);
    const all = await Promise.all(
      concerts.map(async (concert) => ({
        concert,
        state: await deps.monitor.getState(concert.concertId),
      })),
    );
    return { found: state === null ? all : all.filter((it) => it.state === state), next };
  };
  return async ({ limit, after, text, state, isOver }: FindConcerts): Promise<FoundConcerts> => {
    const slice = { withDrafts: true, text };
    if (state === null) return read({ ...slice, isOver, after, limit }, null);
    if (isOver !== null && isOver !== isOverIn(state)) return { found: [], next: null };
    const part = { ...slice, isOver: isOverIn(state), limit: readAtOnce };
    const found: ConcertInState[] = [];
    let next = after;
    for (let count = 0; count < readMax && found.length <= limit; count += readAtOnce) {
      const page = await read({ ...part, after: next }, state);
      found.push(...page.found);
      ({ next } = page);
      if (next === null) break;
    }
    if (found.length <= limit) return { found, next };
    return { found: found.slice(0, limit), next: found[limit - 1]?.concert.concertId ?? null };
  };
};
