import { whenThere, type MaybePromise } from "#kernel/maybe-promise.ts";
import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import { hasBegun, type SeatMap } from "../domain/seat-map.ts";
import type { ConcertOnSale, ConcertsOnSale } from "../ports/concerts-on-sale.ts";
import type { SeatMapCache } from "../ports/seat-maps.ts";

export interface FindShowDeps {
  readonly concerts: ConcertsOnSale;
  readonly seatMaps: SeatMapCache;
}

/** A show, and the moment for which to judge its seats. */
export interface FoundShow {
  readonly concertOnSale: ConcertOnSale;
  readonly show: SeatMap;
  readonly nowMs: InstantMs;
}

/** The show, or null when there is no such date, or when the show has begun. */
export const findShow = (
  deps: FindShowDeps,
  concertId: ConcertId,
  date: string,
): MaybePromise<FoundShow | null> =>
  whenThere(deps.concerts.find(concertId), (concertOnSale) => {
    if (!concertOnSale?.dates.some((one) => one.date === date)) return null;
    return whenThere(deps.seatMaps.get(concertId), ({ shows, nowMs }): FoundShow | null => {
      const show = shows.find((one) => one.date === date);
      return show === undefined || hasBegun(show, nowMs) ? null : { concertOnSale, show, nowMs };
    });
  });
