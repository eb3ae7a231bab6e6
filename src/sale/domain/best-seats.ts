import { knownChoices, type Choice, type FreeSeats } from "./free-seats.ts";
import type { SeatGeometry, SeatRow } from "./seat-geometry.ts";
import { isSingle } from "./single-seats.ts";

/** The seats that a buyer asks the server to choose. */
export interface BestWish {
  readonly count: number;
  /** Only seats of this grade; null: any. */
  readonly grade: string | null;
  /** Only seats of this section; null: any. */
  readonly section: string | null;
  /** Rather no seats than seats that are not side by side. */
  readonly together: boolean;
}

/** A wish with the indexes of its grade and section; -1: any. Null: the hall has no such grade or section. */
const resolve = (geometry: SeatGeometry, { grade, section }: BestWish) => {
  const gradeIndex = grade === null ? -1 : geometry.grades.indexOf(grade);
  const sectionIndex = section === null ? -1 : geometry.sections.indexOf(section);
  const isUnknown =
    (grade !== null && gradeIndex === -1) || (section !== null && sectionIndex === -1);
  return isUnknown ? null : { gradeIndex, sectionIndex };
};

/** Whether the hall has the grade and the section of the wish. O(grades and sections). */
export const isInHall = (geometry: SeatGeometry, wish: BestWish): boolean =>
  resolve(geometry, wish) !== null;

/** One choice in one hall. */
interface Search {
  readonly geometry: SeatGeometry;
  readonly free: FreeSeats;
  readonly rows: readonly SeatRow[];
  /** Index of the grade; -1: any. */
  readonly grade: number;
}

const searchFor = (geometry: SeatGeometry, free: FreeSeats, wish: BestWish): Search | null => {
  const found = resolve(geometry, wish);
  if (found === null) return null;
  const { gradeIndex, sectionIndex } = found;
  return {
    geometry,
    free,
    grade: gradeIndex,
    rows:
      sectionIndex === -1
        ? geometry.rows
        : geometry.rows.filter((row) => row.section === sectionIndex),
  };
};

/** Whether the seat is free and of the grade. */
const matches = ({ geometry, free, grade }: Search, index: number): boolean =>
  free.bits[index] === 1 && (grade === -1 || geometry.gradeOf[index] === grade);

/** Whether a sum of distances is smaller. Sums of the same distances differ in their last digits. */
const isNearer = (cost: number, than: number): boolean => cost < than - 1e-6;

/** Whether a seat beside the taken ones becomes single. */
const leavesSingle = (row: SeatRow, { bits }: FreeSeats, first: number, count: number): boolean => {
  const end = first + count;
  const isFree = (at: number): boolean =>
    at >= row.first && at <= row.last && bits[at] === 1 && (at < first || at >= end);
  return isSingle(isFree, first - 1) || isSingle(isFree, end);
};

/** The nearest seats side by side in the row; null when too few are free. */
const bestOfRow = (
  search: Search,
  row: SeatRow,
  count: number,
  mayLeaveSingle: boolean,
): Choice | null => {
  const { distance } = search.geometry;
  const passes = (first: number): boolean =>
    mayLeaveSingle || !leavesSingle(row, search.free, first, count);
  let best = { first: -1, cost: Infinity };
  let length = 0;
  let cost = 0;
  for (let index = row.first; index <= row.last; index += 1) {
    if (!matches(search, index)) {
      length = 0;
      cost = 0;
      continue;
    }
    length += 1;
    cost += distance[index] ?? 0;
    if (length < count) continue;
    if (length > count) cost -= distance[index - count] ?? 0;
    const first = index - count + 1;
    const isBest = isNearer(cost, best.cost) && passes(first);
    if (isBest) best = { first, cost };
  }
  const { first, cost: costOfBest } = best;
  if (first === -1) return null;
  return { seats: Array.from({ length: count }, (_, offset) => first + offset), cost: costOfBest };
};

/** The first free places of a standing section. All are equally near. */
const placesOf = (search: Search, row: SeatRow, count: number): Choice | null => {
  const seats: number[] = [];
  for (let index = row.first; index <= row.last && seats.length < count; index += 1) {
    if (matches(search, index)) seats.push(index);
  }
  if (seats.length < count) return null;
  return { seats, cost: count * (search.geometry.distance[row.first] ?? 0) };
};

const nearer = (one: Choice | null, best: Choice | null): Choice | null =>
  one !== null && (best === null || isNearer(one.cost, best.cost)) ? one : best;

/** The best seats of a row, of those that are side by side or places of one standing section. */
const choiceIn = (
  search: Search,
  row: SeatRow,
  count: number,
  mayLeaveSingle: boolean,
): Choice | null =>
  row.isStanding ? placesOf(search, row, count) : bestOfRow(search, row, count, mayLeaveSingle);

/** Rows in which even the nearest seats would be too far are not searched. */
const sideBySide = (search: Search, count: number, mayLeaveSingle: boolean): Choice | null => {
  const { free, geometry, grade } = search;
  const known = knownChoices(free, geometry.rowOf, `${count}/${grade}/${mayLeaveSingle}`);
  let best: Choice | null = null;
  for (const row of search.rows) {
    if (best !== null && !isNearer(count * row.nearest, best.cost)) continue;
    // Not `??=`: null is known too.
    let choice = known[row.index];
    if (choice === undefined)
      known[row.index] = choice = choiceIn(search, row, count, mayLeaveSingle);
    best = nearer(choice, best);
  }
  return best;
};

/** Seats side by side in each of two rows that follow each other in a section. */
const neighbouringRows = (search: Search, count: number): Choice | null => {
  const seated = search.rows
    .filter(({ isStanding }) => !isStanding)
    .map((row) => ({
      row,
      choices: Array.from({ length: count - 1 }, (_, n) => bestOfRow(search, row, n + 1, true)),
    }));
  let best: Choice | null = null;
  for (const [index, { row, choices }] of seated.entries()) {
    const next = seated[index + 1];
    if (next?.row.section !== row.section) continue;
    for (const [n, front] of choices.entries()) {
      const back = next.choices[count - n - 2] ?? null;
      if (front === null || back === null) continue;
      const seats = [...front.seats, ...back.seats];
      best = nearer({ seats, cost: front.cost + back.cost }, best);
    }
  }
  return best;
};

const anywhere = (search: Search, count: number): Choice | null => {
  const { distance } = search.geometry;
  const free: number[] = [];
  for (const row of search.rows) {
    for (let index = row.first; index <= row.last; index += 1) {
      if (matches(search, index)) free.push(index);
    }
  }
  if (free.length < count) return null;
  const seats = free
    .sort((a, b) => (distance[a] ?? 0) - (distance[b] ?? 0) || a - b)
    .slice(0, count)
    .sort((a, b) => a - b);
  return { seats, cost: 0 };
};

/** The number of free seats of the wish's grade and section. */
export const countMatching = (geometry: SeatGeometry, free: FreeSeats, wish: BestWish): number => {
  const search = searchFor(geometry, free, wish);
  if (search === null) return 0;
  let count = 0;
  for (const row of search.rows) {
    for (let index = row.first; index <= row.last; index += 1)
      count += Number(matches(search, index));
  }
  return count;
};

/**
 * Chooses the best free seats, by number; null when fewer fit. The first of these that there is:
 * 1. seats side by side in one row, leaving no single free seat beside them
 * 2. seats side by side, with a single free seat left over
 * 3. seats side by side in each of two neighbouring rows of a section
 * 4. any seats
 *
 * Of several the nearest to the focus, by the sum of the distances; of equal ones the lowest numbers.
 * `together: true` stops after 2. Places of one standing section count as 1. A single free seat has no free
 * neighbour in its row.
 *
 * Cost: O(seats of the section, or of the hall); for 4, O(n log n).
 */
export const pickBest = (
  geometry: SeatGeometry,
  free: FreeSeats,
  wish: BestWish,
): readonly number[] | null => {
  const search = searchFor(geometry, free, wish);
  if (search === null) return null;
  const { count, together } = wish;
  const choice =
    sideBySide(search, count, false) ??
    sideBySide(search, count, true) ??
    (together ? null : (neighbouringRows(search, count) ?? anywhere(search, count)));
  return choice && choice.seats.map((index) => index + 1);
};
