import type { InstantMs } from "#kernel/instant.ts";
import type { Money } from "#kernel/money.ts";
import { seatStatusAt, type SeatStatus } from "./seat.ts";

/** One seat of a seat map, at most 1 s old. */
export interface MapSeat {
  readonly seatNumber: number;
  readonly grade: string;
  readonly price: Money;
  readonly status: SeatStatus;
  readonly expiresAtMs: InstantMs | null;
}

/** The seats of one show. */
export interface SeatMap {
  readonly date: string;
  readonly startsAtMs: InstantMs;
  /** By seat number. */
  readonly seats: readonly MapSeat[];
}

/** The number of seats in each status at a moment; a lapsed hold counts as AVAILABLE. */
export const countSeats = (
  show: SeatMap,
  nowMs: InstantMs,
): Readonly<Record<SeatStatus, number>> => {
  const counts = { AVAILABLE: 0, HELD: 0, SOLD: 0 };
  for (const seat of show.seats) counts[seatStatusAt(seat, nowMs)] += 1;
  return counts;
};

/** Whether a show has begun: from the millisecond of its start on. */
export const hasBegun = (show: Pick<SeatMap, "startsAtMs">, nowMs: InstantMs): boolean =>
  nowMs >= show.startsAtMs;

/** The seats of a concert. `sold` and `total` never fall when a date begins. */
export interface StockCount {
  /** Free seats of the dates that have not begun. */
  readonly available: number;
  /** Held seats of all dates. */
  readonly held: number;
  /** Held seats of the dates that have not begun: they may become available again. */
  readonly mayReturn: number;
  /** Sold seats of all dates. */
  readonly sold: number;
  /** All seats of all dates. */
  readonly total: number;
  /** Whether every date has begun. */
  readonly hasEnded: boolean;
}

/** Counts the seats of all shows of a concert, of which there is at least one. */
export const countStock = (shows: readonly SeatMap[], nowMs: InstantMs): StockCount => {
  const stock = { available: 0, held: 0, mayReturn: 0, sold: 0, total: 0, hasEnded: true };
  for (const show of shows) {
    const counts = countSeats(show, nowMs);
    stock.held += counts.HELD;
    stock.sold += counts.SOLD;
    stock.total += show.seats.length;
    if (hasBegun(show, nowMs)) continue;
    stock.available += counts.AVAILABLE;
    stock.mayReturn += counts.HELD;
    stock.hasEnded = false;
  }
  return stock;
};

/** The next moment at which a hold lapses or a show begins, so that the stock changes; Infinity for never. */
export const nextChangeMs = (shows: readonly SeatMap[], nowMs: InstantMs): InstantMs => {
  let nextMs = Number.POSITIVE_INFINITY;
  for (const show of shows) {
    if (!hasBegun(show, nowMs)) nextMs = Math.min(nextMs, show.startsAtMs);
    for (const { expiresAtMs } of show.seats) {
      if (expiresAtMs !== null && expiresAtMs > nowMs) nextMs = Math.min(nextMs, expiresAtMs);
    }
  }
  return nextMs;
};

/** Those of the given seats that the map shows as SOLD, and those that it shows as HELD and not lapsed. */
export const takenSeats = (
  show: SeatMap,
  seatNumbers: readonly number[],
  nowMs: InstantMs,
): { readonly sold: readonly number[]; readonly held: readonly number[] } => {
  const sold: number[] = [];
  const held: number[] = [];
  for (const seat of show.seats) {
    if (seat.status === "AVAILABLE" || !seatNumbers.includes(seat.seatNumber)) continue;
    switch (seatStatusAt(seat, nowMs)) {
      case "SOLD":
        sold.push(seat.seatNumber);
        break;
      case "HELD":
        held.push(seat.seatNumber);
        break;
      case "AVAILABLE":
        break;
    }
  }
  return { sold, held };
};
