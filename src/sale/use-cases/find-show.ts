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
export const findShow = async (
  deps: FindShowDeps,
  concertId: ConcertId,
  date: string,
): Promise<FoundShow | null> => {
  const concertOnSale = await deps.concerts.find(concertId);
  if (!concertOnSale?.dates.some((one) => one.date === date)) return null;
  const { shows, nowMs } = await deps.seatMaps.get(concertId);
  const show = shows.find((one) => one.date === date);
  return show === undefined || hasBegun(show, nowMs) ? null : { concertOnSale, show, nowMs };
};
