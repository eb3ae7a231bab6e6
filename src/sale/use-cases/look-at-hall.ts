import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import {
  countSeats,
  countStock,
  hasBegun,
  nextChangeMs,
  type HallSeat,
  type HallShow,
  type StockCount,
} from "../domain/hall.ts";
import { seatStatusAt, type SeatStatus } from "../domain/seat.ts";
import type { Halls } from "../ports/halls.ts";

export interface LookAtHallDeps {
  readonly halls: Pick<Halls, "look">;
}

export interface BookableDate {
  readonly date: string;
  readonly startsAtMs: InstantMs;
  readonly seatsAvailable: number;
  readonly seatsTotal: number;
}

/** The dates that can still be booked: not begun, and with an AVAILABLE seat. At most 1 s old. */
export const listDates =
  ({ halls }: LookAtHallDeps) =>
  async (concertId: ConcertId): Promise<readonly BookableDate[]> => {
    const { shows, nowMs } = await halls.look(concertId);
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
      readonly seats: readonly HallSeat[];
    };

/** The seats of one show as they count now, by number. At most 1 s old; lapsed holds are AVAILABLE. */
export const listSeats =
  ({ halls }: LookAtHallDeps) =>
  async ({ concertId, date, status }: ListSeats): Promise<ListSeatsOutcome> => {
    const { shows, nowMs } = await halls.look(concertId);
    const show = shows.find((one) => one.date === date);
    if (!show) return { kind: "date-not-found" };
    const seats = show.seats
      .map((seat) => ({ ...seat, status: seatStatusAt(seat, nowMs) }))
      .filter((seat) => status === null || seat.status === status);
    return { kind: "seats", date, seatsAvailable: countSeats(show, nowMs).AVAILABLE, seats };
  };

/**
 * The seats of all dates that can still be booked. At most 1 s old. Throws Unavailable. Everybody who
 * polls asks for it, so a picture's seats are counted once, and again when a hold lapses or a show begins.
 */
export const countConcertStock = ({ halls }: LookAtHallDeps) => {
  const counted = new WeakMap<readonly HallShow[], { stock: StockCount; untilMs: InstantMs }>();
  return async (concertId: ConcertId): Promise<StockCount> => {
    const { shows, nowMs } = await halls.look(concertId);
    let known = counted.get(shows);
    if (known === undefined || nowMs >= known.untilMs) {
      known = { stock: countStock(shows, nowMs), untilMs: nextChangeMs(shows, nowMs) };
      counted.set(shows, known);
    }
    return known.stock;
  };
};
