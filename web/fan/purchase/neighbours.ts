import type { Seats } from "../../../sdk/generated/index.ts";

export type Seat = Seats["items"][number];

/** The map has rows of ten, with seat 1 at the left as the fan faces the stage. */
export const seatsPerRow = 10;

const rowOf = (seatNumber: number): number => Math.floor((seatNumber - 1) / seatsPerRow);
const columnOf = (seatNumber: number): number => (seatNumber - 1) % seatsPerRow;

/** Distance of two seats. A row counts as three seats, because it separates people more. */
const distance = (a: number, b: number): number =>
  Math.abs(columnOf(a) - columnOf(b)) + 3 * Math.abs(rowOf(a) - rowOf(b));

/**
 * Free seats near a lost one, best first, at most `countMax`: those of the same grade before others, then by
 * distance to the seats that are still selected, or to the lost seat when none is.
 */
export const freeNeighbours = (
  seats: readonly Seat[],
  lost: number,
  selected: readonly number[],
  countMax = 3,
): number[] => {
  const grade = seats.find(({ seatNumber }) => seatNumber === lost)?.grade;
  const anchors = selected.length > 0 ? selected : [lost];
  const rank = (seat: Seat): number =>
    (seat.grade === grade ? 0 : 1_000) +
    Math.min(...anchors.map((anchor) => distance(anchor, seat.seatNumber)));
  return seats
    .filter(({ seatNumber, status }) => status === "AVAILABLE" && !selected.includes(seatNumber))
    .sort((a, b) => rank(a) - rank(b) || a.seatNumber - b.seatNumber)
    .slice(0, countMax)
    .map(({ seatNumber }) => seatNumber);
};

export interface Grade {
  readonly name: string;
  readonly price: number;
  readonly free: number;
}

/** Grades of a date, the most expensive first, with the number of free seats. */
export const gradesOf = (seats: readonly Seat[]): Grade[] => {
  const grades = new Map<string, Grade>();
  for (const { grade: name, price, status } of seats) {
    const free = (grades.get(name)?.free ?? 0) + (status === "AVAILABLE" ? 1 : 0);
    grades.set(name, { name, price, free });
  }
  return [...grades.values()].sort((a, b) => b.price - a.price);
};
