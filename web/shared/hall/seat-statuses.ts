import type { HallLayout } from "./layout.ts";

/** The letters of the seat map, by their codes in `SeatStatuses.codes`. Fans do not see that a seat is blocked (B). */
export const [free, held, sold] = [0, 1, 2] as const;
const letters = "AHSB";
const names = ["AVAILABLE", "HELD", "SOLD", "BLOCKED"] as const;

/** The statuses of a date's seats as the page last read them, and what is left of each section and grade. */
export interface SeatStatuses {
  readonly version: string;
  /** By seat number - 1. */
  readonly codes: Uint8Array;
  /** By the indexes of the layout. */
  readonly freeBySection: Uint32Array;
  readonly freeByGrade: Uint32Array;
  readonly freeTotal: number;
}

/** The answer to `seat-map`: everything, or what has changed since a version. */
export interface SeatMapAnswer {
  readonly version: string;
  readonly statuses?: string;
  readonly changes?: readonly (readonly [seatNumber: number | string, letter: number | string])[];
}

const codeOf = (letter: string | undefined): number =>
  letters.includes(letter ?? "?") ? letters.indexOf(letter ?? "?") : sold;

const counted = (layout: HallLayout, version: string, codes: Uint8Array): SeatStatuses => {
  const freeBySection = new Uint32Array(layout.sections.length);
  const freeByGrade = new Uint32Array(layout.plan.grades.length);
  let freeTotal = 0;
  for (let n = 0; n < codes.length; n += 1) {
    if (codes[n] !== free) continue;
    const [section, grade] = [layout.sectionOf[n] ?? 0, layout.grades[n] ?? 0];
    freeBySection[section] = (freeBySection[section] ?? 0) + 1;
    freeByGrade[grade] = (freeByGrade[grade] ?? 0) + 1;
    freeTotal += 1;
  }
  return { version, codes, freeBySection, freeByGrade, freeTotal };
};

/**
 * The statuses after an answer. Returns `before` itself when nothing differs, so that nothing is drawn again.
 * Changes without statuses before them are of no use: null asks for the whole map.
 */
export const statusesAfter = (
  layout: HallLayout,
  before: SeatStatuses | null,
  { version, statuses, changes = [] }: SeatMapAnswer,
): SeatStatuses | null => {
  if (statuses !== undefined) {
    const codes = new Uint8Array(layout.xs.length);
    for (let n = 0; n < codes.length; n += 1) codes[n] = codeOf(statuses[n]);
    return counted(layout, version, codes);
  }
  if (before === null) return null;
  const differing = changes
    .map(([seat, letter]) => [Number(seat), codeOf(String(letter))] as const)
    .filter(([seat, code]) => before.codes[seat - 1] !== code);
  if (differing.length === 0) return before.version === version ? before : { ...before, version };
  const codes = before.codes.slice();
  for (const [seat, code] of differing) codes[seat - 1] = code;
  return counted(layout, version, codes);
};

/** The status of a seat, as the API names it. */
export const statusName = ({ codes }: SeatStatuses, seatNumber: number): (typeof names)[number] =>
  names[codes[seatNumber - 1] ?? sold] ?? "SOLD";
