import { planSeatsMax } from "#kernel/seating-plan.ts";
import { isPrice } from "./price.ts";
import { isPlainText } from "./plain-text.ts";
import {
  planLimits,
  seatCountOf,
  type PlanInput,
  type RowInput,
  type SectionInput,
} from "./plan-input.ts";
import type { Violation } from "./violation.ts";

/** Collects violations. */
interface Findings {
  readonly grades: ReadonlySet<string>;
  add(pointer: string, rule: Violation["rule"]): void;
}

const isWithin = (value: number, max: number): boolean => Math.abs(value) <= max;

const isCount = (value: number, max: number): boolean =>
  Number.isInteger(value) && value >= 1 && value <= max;

/** The name as a reader sees it: without invisible marks, in one form of its letters. */
const seenAs = (name: string): string =>
  name
    .normalize("NFC")
    .replaceAll(/\p{C}/gu, "")
    .replaceAll(/\p{Z}+/gu, " ")
    .trim();

const checkNames = (
  names: readonly { readonly name: string }[],
  at: string,
  found: Findings,
  duplicate: Violation["rule"] = "duplicate-name",
): void => {
  const known = new Set<string>();
  for (const [index, { name }] of names.entries()) {
    const pointer = `${at}/${index}/name`;
    const seen = seenAs(name);
    if (!isPlainText(name, planLimits.nameChars)) found.add(pointer, "not-a-text");
    else if (known.has(seen)) found.add(pointer, duplicate);
    known.add(seen);
  }
};

const checkGrade = (grade: string | undefined, at: string, found: Findings): void => {
  if (grade !== undefined && !found.grades.has(grade)) found.add(`${at}/grade`, "unknown-grade");
};

const checkPoint = (
  { x, y }: { readonly x?: number; readonly y?: number },
  at: string,
  found: Findings,
): void => {
  for (const [name, value] of Object.entries({ x, y })) {
    if (value !== undefined && !isWithin(value, planLimits.coordinate))
      found.add(`${at}/${name}`, "not-a-coordinate");
  }
};

const checkSeats = (row: RowInput, at: string, found: Findings): void => {
  const { seats: [from, to] = [1, 1], step = 1 } = row;
  if (!isCount(from, planLimits.seatName) || !isCount(to, planLimits.seatName))
    found.add(`${at}/seats`, "out-of-range");
  else if (from > to) found.add(`${at}/seats`, "seats-reversed");
  else if (!isCount(step, planLimits.step)) found.add(`${at}/step`, "out-of-range");
  else if ((to - from) % step !== 0) found.add(`${at}/step`, "step-misses-the-last");
  else if (seatCountOf(row) > planLimits.seatsOfRow) found.add(`${at}/seats`, "too-many-in-row");
};

const checkPlaces = (row: RowInput, at: string, found: Findings): void => {
  const { places = [] } = row;
  if (places.length === 0) found.add(`${at}/places`, "empty");
  if (places.length > planLimits.seatsOfRow) found.add(`${at}/places`, "too-many-in-row");
  for (const member of ["step", "reverse"] as const) {
    if (row[member] !== undefined) found.add(`${at}/${member}`, "only-with-seats");
  }
  checkNames(places, `${at}/places`, found);
  for (const [index, place] of places.entries()) {
    checkGrade(place.grade, `${at}/places/${index}`, found);
    checkPoint(place, `${at}/places/${index}`, found);
  }
};

const checkRow = (row: RowInput, at: string, found: Findings): void => {
  checkGrade(row.grade, at, found);
  checkPoint(row, at, found);
  if (row.curve !== undefined && !(row.curve >= 0 && row.curve <= planLimits.curve))
    found.add(`${at}/curve`, "out-of-range");
  if (row.seats === undefined && row.places === undefined)
    found.add(`${at}/seats`, "neither-seats-nor-places");
  else if (row.seats !== undefined && row.places !== undefined)
    found.add(`${at}/places`, "both-seats-and-places");
  else if (row.places !== undefined) checkPlaces(row, at, found);
  else checkSeats(row, at, found);
};

const checkSeated = ({ rows, capacity }: SectionInput, at: string, found: Findings): void => {
  if (capacity !== undefined) found.add(`${at}/capacity`, "only-for-standing");
  if (rows === undefined) return found.add(`${at}/rows`, "needed-for-seats");
  if (rows.length === 0) found.add(`${at}/rows`, "empty");
  if (rows.length > planLimits.rows) return found.add(`${at}/rows`, "too-many-rows");
  checkNames(rows, `${at}/rows`, found);
  for (const [index, row] of rows.entries()) checkRow(row, `${at}/rows/${index}`, found);
};

const checkStanding = ({ rows, capacity }: SectionInput, at: string, found: Findings): void => {
  if (rows !== undefined) found.add(`${at}/rows`, "only-for-seats");
  if (capacity === undefined) found.add(`${at}/capacity`, "needed-for-standing");
  else if (!isCount(capacity, planSeatsMax)) found.add(`${at}/capacity`, "out-of-range");
};

const checkSection = (section: SectionInput, at: string, found: Findings): void => {
  checkGrade(section.grade, at, found);
  checkPoint(section, at, found);
  if (section.angle !== undefined && !isWithin(section.angle, planLimits.angle))
    found.add(`${at}/angle`, "out-of-range");
  if (section.kind === "SEATED") checkSeated(section, at, found);
  else checkStanding(section, at, found);
};

const checkGrades = ({ grades }: PlanInput, at: string, found: Findings): void => {
  if (grades.length === 0) found.add(`${at}/grades`, "empty");
  if (grades.length > planLimits.grades) found.add(`${at}/grades`, "too-many-grades");
  checkNames(grades, `${at}/grades`, found, "duplicate-grade");
  for (const [index, { price }] of grades.entries()) {
    if (!isPrice(price)) found.add(`${at}/grades/${index}/price`, "out-of-range");
  }
};

/** The number of seats of a plan in which no row and no section is at fault. */
const countSeats = (sections: readonly SectionInput[]): number => {
  const counts = sections.flatMap(({ rows = [], capacity = 0 }) => [
    capacity,
    ...rows.map(seatCountOf),
  ]);
  return counts.reduce((sum, count) => sum + count, 0);
};

/**
 * Every violation of these rules, each with its pointer below `at`:
 * - names have 1 to 50 visible characters and look different from each other: grades, sections, rows of a section, places of a row
 * - each grade that a section, row or place names exists, and each price is valid
 * - a section has either rows or a capacity, a row either `seats` or `places`
 * - at most 50 grades, 500 sections, 400 rows a section, 500 seats a row, 60,000 seats in total
 * - coordinates, angles and curves are finite and within their limits
 *
 * Cost: O(members of the input); a capacity or a range of any size costs no more.
 */
export const planViolations = (plan: PlanInput, at: string): readonly Violation[] => {
  const violations: Violation[] = [];
  const found: Findings = {
    grades: new Set(plan.grades.map(({ name }) => name)),
    add: (pointer, rule) => void violations.push({ pointer, rule }),
  };
  checkGrades(plan, at, found);
  if (plan.focus !== undefined) checkPoint(plan.focus, `${at}/focus`, found);
  const { sections } = plan;
  if (sections.length === 0) found.add(`${at}/sections`, "empty");
  if (sections.length > planLimits.sections) {
    found.add(`${at}/sections`, "too-many-sections");
    return violations;
  }
  checkNames(sections, `${at}/sections`, found);
  for (const [index, section] of sections.entries())
    checkSection(section, `${at}/sections/${index}`, found);
  if (violations.length === 0 && countSeats(sections) > planSeatsMax)
    found.add(`${at}/sections`, "too-many-seats");
  return violations;
};
