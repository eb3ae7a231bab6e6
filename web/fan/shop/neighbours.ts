import type { Seats } from "../../../sdk/generated/index.ts";

export type Seat = Seats["items"][number];

/** The hall is drawn in rows of ten, seat 1 at the stage's left. */
export const seatsPerRow = 10;

const rowOf = (seatNumber: number): number => Math.floor((seatNumber - 1) / seatsPerRow);
const columnOf = (seatNumber: number): number => (seatNumber - 1) % seatsPerRow;

/** How far two seats are apart: a row counts as much as three seats, for it parts people. */
const distance = (a: number, b: number): number =>
  Math.abs(columnOf(a) - columnOf(b)) + 3 * Math.abs(rowOf(a) - rowOf(b));

/**
 * Free seats that come closest to one that was lost: of its grade before any other, then nearest to the
 * seats that are still chosen, or to the lost one when none is. At most `countMax`.
 */
export const freeNeighbours = (
  seats: readonly Seat[],
  lost: number,
  chosen: readonly number[],
  countMax = 3,
): number[] => {
  const grade = seats.find(({ seatNumber }) => seatNumber === lost)?.grade;
  const anchors = chosen.length > 0 ? chosen : [lost];
  const rank = (seat: Seat): number =>
    (seat.grade === grade ? 0 : 1_000) +
    Math.min(...anchors.map((anchor) => distance(anchor, seat.seatNumber)));
  return seats
    .filter(({ seatNumber, status }) => status === "AVAILABLE" && !chosen.includes(seatNumber))
    .sort((a, b) => rank(a) - rank(b) || a.seatNumber - b.seatNumber)
    .slice(0, countMax)
    .map(({ seatNumber }) => seatNumber);
};

export interface Grade {
  readonly name: string;
  readonly price: number;
  readonly free: number;
}

/** The grades of a show, dearest first, with how many of their seats are free. */
export const gradesOf = (seats: readonly Seat[]): Grade[] => {
  const grades = new Map<string, Grade>();
  for (const { grade: name, price, status } of seats) {
    const free = (grades.get(name)?.free ?? 0) + (status === "AVAILABLE" ? 1 : 0);
    grades.set(name, { name, price, free });
  }
  return [...grades.values()].sort((a, b) => b.price - a.price);
};
