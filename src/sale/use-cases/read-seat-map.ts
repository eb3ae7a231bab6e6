import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import {
  countSeats,
  countStock,
  hasBegun,
  nextChangeMs,
  type MapSeat,
  type SeatMap,
  type StockCount,
} from "../domain/seat-map.ts";
import { seatStatusAt, type SeatStatus } from "../domain/seat.ts";
import type { SeatMapCache } from "../ports/seat-maps.ts";

export interface ReadSeatMapDeps {
  readonly seatMaps: Pick<SeatMapCache, "get">;
}

export interface BookableDate {
  readonly date: string;
  readonly startsAtMs: InstantMs;
  readonly seatsAvailable: number;
  readonly seatsTotal: number;
}

/**
 * Lists the dates that can still be booked: the show has not begun, and a seat is AVAILABLE. At most 1 s
 * old. Throws Unavailable.
 */
export const listDates =
  ({ seatMaps }: ReadSeatMapDeps) =>
  async (concertId: ConcertId): Promise<readonly BookableDate[]> => {
    const { shows, nowMs } = await seatMaps.get(concertId);
    return shows
      .filter((show) => !hasBegun(show, nowMs))
      .map((show) => ({
        date: show.date,
        startsAtMs: show.startsAtMs,
        seatsAvailable: countSeats(show, nowMs).AVAILABLE,
        seatsTotal: show.seats.length,
      }))
      .filter((one) => one.seatsAvailable > 0);
  };

export interface ListSeats {
  readonly concertId: ConcertId;
  readonly date: string;
  /** Only seats in this status; null for all. */
  readonly status: SeatStatus | null;
}

export type ListSeatsOutcome =
  | { readonly kind: "date-not-found" }
  | {
      readonly kind: "seats";
      readonly date: string;
      readonly seatsAvailable: number;
      readonly seats: readonly MapSeat[];
    };

/**
 * Lists the seats of one show by number; a seat whose hold has lapsed is AVAILABLE. At most 1 s old. Throws
 * Unavailable.
 */
export const listSeats =
  ({ seatMaps }: ReadSeatMapDeps) =>
  async ({ concertId, date, status }: ListSeats): Promise<ListSeatsOutcome> => {
    const { shows, nowMs } = await seatMaps.get(concertId);
    const show = shows.find((one) => one.date === date);
    if (!show) return { kind: "date-not-found" };
    const seats = show.seats
      .map((seat) => ({ ...seat, status: seatStatusAt(seat, nowMs) }))
      .filter((seat) => status === null || seat.status === status);
    return { kind: "seats", date, seatsAvailable: countSeats(show, nowMs).AVAILABLE, seats };
  };

/**
 * Counts the seats of a concert. At most 1 s old. Throws Unavailable, also while no show of the concert is
 * known: that is no proof that nothing is left to sell.
 *
 * Every poll asks for the stock. So the seats of a seat map are counted once, and again when a hold lapses
 * or a show begins.
 */
export const countConcertStock = ({ seatMaps }: ReadSeatMapDeps) => {
  const counted = new WeakMap<readonly SeatMap[], { stock: StockCount; untilMs: InstantMs }>();
  return async (concertId: ConcertId): Promise<StockCount> => {
    const { shows, nowMs } = await seatMaps.get(concertId);
    if (shows.length === 0) throw new Unavailable("the seats of the concert are not known");
    let known = counted.get(shows);
    if (known === undefined || nowMs >= known.untilMs) {
      known = { stock: countStock(shows, nowMs), untilMs: nextChangeMs(shows, nowMs) };
      counted.set(shows, known);
    }
    return known.stock;
  };
};
