import type { InstantMs } from "#kernel/instant.ts";
import type { Money } from "#kernel/money.ts";
import { seatStatusAt, type SeatStatus } from "./seat.ts";

/** One seat in a picture of the hall that may be a second old. */
export interface HallSeat {
  readonly seatNumber: number;
  readonly grade: string;
  readonly price: Money;
  readonly status: SeatStatus;
  readonly expiresAtMs: InstantMs | null;
}

export interface HallShow {
  readonly date: string;
  readonly startsAtMs: InstantMs;
  /** By seat number. */
  readonly seats: readonly HallSeat[];
}

/** How many seats are in which status at the moment; lapsed holds count as AVAILABLE. */
export const countSeats = (
  show: HallShow,
  nowMs: InstantMs,
): Readonly<Record<SeatStatus, number>> => {
  const counts = { AVAILABLE: 0, HELD: 0, SOLD: 0 };
  for (const seat of show.seats) counts[seatStatusAt(seat, nowMs)] += 1;
  return counts;
};

/** A show has begun from its very start on. */
export const hasBegun = (show: Pick<HallShow, "startsAtMs">, nowMs: InstantMs): boolean =>
  nowMs >= show.startsAtMs;

/** Seats of all dates that can still be booked. */
export interface StockCount {
  readonly available: number;
  readonly held: number;
  readonly sold: number;
  readonly total: number;
}

/** The seats of all shows that have not begun. */
export const countStock = (shows: readonly HallShow[], nowMs: InstantMs): StockCount => {
  const stock = { available: 0, held: 0, sold: 0, total: 0 };
  for (const show of shows) {
    if (hasBegun(show, nowMs)) continue;
    const counts = countSeats(show, nowMs);
    stock.available += counts.AVAILABLE;
    stock.held += counts.HELD;
    stock.sold += counts.SOLD;
    stock.total += show.seats.length;
  }
  return stock;
};

/** When the clock alone changes the stock next: a hold lapses or a show begins; Infinity for never. */
export const nextChangeMs = (shows: readonly HallShow[], nowMs: InstantMs): InstantMs => {
  let nextMs = Number.POSITIVE_INFINITY;
  for (const show of shows) {
    if (hasBegun(show, nowMs)) continue;
    nextMs = Math.min(nextMs, show.startsAtMs);
    for (const { expiresAtMs } of show.seats) {
      if (expiresAtMs !== null && expiresAtMs > nowMs) nextMs = Math.min(nextMs, expiresAtMs);
    }
  }
  return nextMs;
};

/** What the picture says of wanted seats: their numbers by the status that counts at the moment. */
export const takenSeats = (
  show: HallShow,
  seatNumbers: readonly number[],
  nowMs: InstantMs,
): { readonly sold: readonly number[]; readonly held: readonly number[] } => {
  const sold: number[] = [];
  const held: number[] = [];
  for (const seat of show.seats) {
    if (seat.status === "AVAILABLE" || !seatNumbers.includes(seat.seatNumber)) continue;
    const status = seatStatusAt(seat, nowMs);
    if (status === "SOLD") sold.push(seat.seatNumber);
    else if (status === "HELD") held.push(seat.seatNumber);
  }
  return { sold, held };
};
