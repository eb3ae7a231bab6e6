import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Money } from "#kernel/money.ts";
import { seatLabel, type SeatLabel } from "#kernel/seating-plan.ts";
import type { Stock } from "#kernel/stock.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import {
  countSeats,
  countStock,
  hasBegun,
  nextChangeMs,
  statusAt,
  type SeatMap,
} from "../domain/seat-map.ts";
import { fanStatusOf, type FanSeatStatus } from "../domain/seat.ts";
import {
  asFansSee,
  liveChanges,
  wholeLiveMap,
  type FanLiveMap,
  type LiveChanges,
  type WholeLiveMap,
} from "../domain/live-map.ts";
import type { ConcertOnSale, ConcertsOnSale } from "../ports/concerts-on-sale.ts";
import type { SeatMapCache } from "../ports/seat-maps.ts";
import type { SeatingPlans } from "../ports/seating-plans.ts";
import { readPlan } from "./read-plan.ts";

export interface ReadSeatMapDeps {
  readonly seatMaps: Pick<SeatMapCache, "get">;
}

export interface CountStockDeps extends ReadSeatMapDeps {
  readonly concerts: ConcertsOnSale;
}

const isCancelled = (concert: ConcertOnSale | null): boolean =>
  concert !== null && concert.cancelledAtMs !== null;

export interface BookableDate {
  readonly date: string;
  readonly startsAtMs: InstantMs;
  readonly seatsAvailable: number;
  readonly seatsTotal: number;
}

/**
 * Lists the dates that can still be booked: the show has not begun, and a seat is AVAILABLE; none of a cancelled
 * concert. At most 1 s old. Throws Unavailable.
 */
export const listDates =
  ({ seatMaps, concerts }: CountStockDeps) =>
  async (concertId: ConcertId): Promise<readonly BookableDate[]> => {
    const [{ shows, nowMs }, concert] = await Promise.all([
      seatMaps.get(concertId),
      concerts.find(concertId),
    ]);
    if (isCancelled(concert)) return [];
    return shows
      .filter((show) => !hasBegun(show, nowMs))
      .map((show) => ({
        date: show.date,
        startsAtMs: show.startsAtMs,
        seatsAvailable: countSeats(show, nowMs).AVAILABLE,
        seatsTotal: show.statuses.length,
      }))
      .filter((one) => one.seatsAvailable > 0);
  };

export interface ListSeats {
  readonly concertId: ConcertId;
  readonly date: string;
  /** Only seats in this status; null for all. */
  readonly status: FanSeatStatus | null;
  /** Only seats of this section; null for all. */
  readonly section?: string | null;
}

/** A seat with its name, price and status, at most 1 s old. */
export interface ListedSeat extends SeatLabel {
  readonly seatNumber: number;
  readonly price: Money;
  readonly status: FanSeatStatus;
}

export type ListSeatsOutcome =
  | { readonly kind: "date-not-found" }
  | {
      readonly kind: "seats";
      readonly date: string;
      readonly seatsAvailable: number;
      readonly seats: readonly ListedSeat[];
    };

export interface ListSeatsDeps extends CountStockDeps {
  readonly plans: SeatingPlans;
}

/**
 * Lists the seats of one show by number; a seat whose hold has lapsed is AVAILABLE. At most 1 s old. Throws
 * Unavailable. O(seats of the section, or of the show).
 */
export const listSeats =
  (deps: ListSeatsDeps) =>
  async (query: ListSeats): Promise<ListSeatsOutcome> => {
    const { concertId, date, status, section = null } = query;
    const [{ shows, nowMs }, plan, concert] = await Promise.all([
      deps.seatMaps.get(concertId),
      readPlan(deps)(concertId),
      deps.concerts.find(concertId),
    ]);
    const show = shows.find((one) => one.date === date);
    if (!show || !concert) return { kind: "date-not-found" };
    const prices = new Map(concert.grades.map(({ name, price }) => [name, price]));
    const seats: ListedSeat[] = [];
    for (const part of plan.sections) {
      if (section !== null && part.name !== section) continue;
      for (let seatNumber = part.firstSeat; seatNumber <= part.lastSeat; seatNumber += 1) {
        const found = statusAt(show, seatNumber, nowMs);
        if (found === undefined) continue;
        const now = fanStatusOf(found);
        if (status !== null && now !== status) continue;
        const label = seatLabel(plan, seatNumber);
        const price = prices.get(label.grade) ?? 0;
        seats.push({ seatNumber, ...label, price, status: now });
      }
    }
    return { kind: "seats", date, seatsAvailable: countSeats(show, nowMs).AVAILABLE, seats };
  };

/**
 * Counts the seats of a concert. At most 1 s old. Throws Unavailable, also while no show of the concert is
 * known: that is no proof that nothing is left to sell. A cancelled concert has none to sell.
 *
 * Every poll asks for the stock. So the seats of a seat map are counted once, and again when a hold lapses
 * or a show begins.
 */
export const countConcertStock = ({ seatMaps, concerts }: CountStockDeps) => {
  const counted = new WeakMap<readonly SeatMap[], { stock: Stock; untilMs: InstantMs }>();
  return async (concertId: ConcertId): Promise<Stock> => {
    const [{ shows, nowMs }, concert] = await Promise.all([
      seatMaps.get(concertId),
      concerts.find(concertId),
    ]);
    if (shows.length === 0) throw new Unavailable("the seats of the concert are not known");
    let known = counted.get(shows);
    if (known === undefined || nowMs >= known.untilMs) {
      known = { stock: countStock(shows, nowMs), untilMs: nextChangeMs(shows, nowMs) };
      counted.set(shows, known);
    }
    return isCancelled(concert) ? { ...known.stock, available: 0, mayReturn: 0 } : known.stock;
  };
};

export interface ReadLiveMap {
  readonly concertId: ConcertId;
  readonly date: string;
  /** The version of the map that the client has; null: none. */
  readonly since: number | null;
}

type DateNotFound = { readonly kind: "date-not-found" };
export type ReadOperatorMapOutcome = DateNotFound | WholeLiveMap | LiveChanges;
export type ReadLiveMapOutcome = DateNotFound | FanLiveMap;

/**
 * Reads the seats of a show as letters, or those that have changed, as operators see them: with blocked seats. At most
 * 1 s old. Throws Unavailable.
 */
export const readOperatorMap =
  (deps: Pick<ListSeatsDeps, "seatMaps" | "plans">) =>
  async ({ concertId, date, since }: ReadLiveMap): Promise<ReadOperatorMapOutcome> => {
    const [{ shows, nowMs }, plan] = await Promise.all([
      deps.seatMaps.get(concertId),
      readPlan(deps)(concertId),
    ]);
    const show = shows.find((one) => one.date === date);
    if (!show) return { kind: "date-not-found" };
    return since === null ? wholeLiveMap(show, plan, nowMs) : liveChanges(show, plan, since, nowMs);
  };

/** The same as fans see it: a blocked seat is sold. */
export const readLiveMap = (deps: Parameters<typeof readOperatorMap>[0]) => {
  const read = readOperatorMap(deps);
  return async (query: ReadLiveMap): Promise<ReadLiveMapOutcome> => {
    const outcome = await read(query);
    return outcome.kind === "date-not-found" ? outcome : asFansSee(outcome);
  };
};
