import type { Money } from "#kernel/money.ts";
import type { PlanRow, SeatingPlan } from "#kernel/seating-plan.ts";
import type { PlanInput } from "./plan-input.ts";
import { planViolations } from "./plan-violations.ts";
import { isPrice } from "./price.ts";
import type { Violation } from "./violation.ts";

/** A concert without a seating plan of its own has the seats 1 to 50. */
export const seatNumberMax = 50;

/** The grade of every seat when the operator gives one price. */
export const onlyGrade = "STANDARD";

/** Seats of one kind. `seats` is the first and the last seat number, both included. */
export interface Grade {
  readonly name: string;
  readonly price: Money;
  readonly seats: readonly [number, number];
}

/** The seats of a new concert: a seating plan, or 50 seats with either grades or one price for every seat. */
export interface HallInput {
  readonly grades?: readonly Grade[];
  readonly price?: Money;
  readonly seatingPlan?: PlanInput;
}

/** The grades of the 50 seats. */
export const gradesOf = ({ grades, price }: HallInput): readonly Grade[] =>
  grades ?? (price === undefined ? [] : [{ name: onlyGrade, price, seats: [1, seatNumberMax] }]);

/**
 * Every violation of these rules:
 * - a seating plan that is valid, or either grades or a price
 * - each price is a whole number from 1 to `priceMax`
 * - each grade has a name of its own
 * - each seat belongs to exactly one grade
 */
export const hallViolations = (input: HallInput): readonly Violation[] => {
  const { grades, price, seatingPlan } = input;
  if (seatingPlan !== undefined) {
    const alone = grades === undefined && price === undefined;
    const others: Violation = { pointer: "/seatingPlan", rule: "plan-and-prices" };
    return [...(alone ? [] : [others]), ...planViolations(seatingPlan, "/seatingPlan")];
  }
  if (grades === undefined && price === undefined)
    return [{ pointer: "/price", rule: "neither-price-nor-grades" }];
  if (grades !== undefined && price !== undefined)
    return [{ pointer: "/price", rule: "both-price-and-grades" }];
  if (grades === undefined)
    return isPrice(price as Money) ? [] : [{ pointer: "/price", rule: "out-of-range" }];
  const violations = grades.flatMap((grade, index) => gradeViolations(grade, `/grades/${index}`));
  return violations.length > 0 ? violations : coverViolations(grades);
};

const gradeViolations = ({ price, seats: [from, to] }: Grade, at: string): readonly Violation[] => {
  const violations: Violation[] = [];
  const isInHall = (n: number) => Number.isInteger(n) && n >= 1 && n <= seatNumberMax;
  if (!isPrice(price)) violations.push({ pointer: `${at}/price`, rule: "out-of-range" });
  if (!isInHall(from) || !isInHall(to))
    violations.push({ pointer: `${at}/seats`, rule: "seats-outside-the-hall" });
  else if (from > to) violations.push({ pointer: `${at}/seats`, rule: "seats-reversed" });
  return violations;
};

const coverViolations = (grades: readonly Grade[]): readonly Violation[] => {
  const violations: Violation[] = [];
  const taken = new Set<number>();
  const names = new Set<string>();
  for (const [index, { name, seats }] of grades.entries()) {
    if (names.has(name))
      violations.push({ pointer: `/grades/${index}/name`, rule: "duplicate-grade" });
    names.add(name);
    const numbers = seatNumbers(seats);
    if (numbers.some((n) => taken.has(n)))
      violations.push({ pointer: `/grades/${index}/seats`, rule: "seats-in-two-grades" });
    for (const n of numbers) taken.add(n);
  }
  if (taken.size < seatNumberMax)
    violations.push({ pointer: "/grades", rule: "seats-without-a-grade" });
  return violations;
};

const seatNumbers = ([from, to]: readonly [number, number]): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, offset) => from + offset);

/** The plan of the 50 seats: one section and one row, without names. */
export const hallPlan = (grades: readonly Grade[]): SeatingPlan => {
  const at = { x: 0, y: 0 };
  const rows = grades
    .toSorted((a, b) => a.seats[0] - b.seats[0])
    .map(({ name: grade, seats: [firstSeat, lastSeat] }): PlanRow => {
      const span = { grade, firstSeat, lastSeat, firstName: null, step: 1, curve: 0, places: null };
      return { name: null, ...span, ...at };
    });
  const [first] = rows;
  const span = { firstSeat: 1, lastSeat: seatNumberMax, angle: 0, rows };
  const section = { name: null, kind: "SEATED" as const, grade: first?.grade ?? onlyGrade };
  return { seatsTotal: seatNumberMax, focus: at, sections: [{ ...section, ...span, ...at }] };
};
