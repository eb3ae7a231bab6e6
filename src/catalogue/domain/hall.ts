import type { Money } from "#kernel/money.ts";
import type { Violation } from "./violation.ts";

/** Every date has the seats 1 to 50. */
export const seatNumberMax = 50;

/** The highest price of a seat. The sum of 50 seats on 365 dates stays far below 2^53. */
export const priceMax: Money = 1_000_000_000;

/** The grade of every seat when the operator gives one price. */
export const onlyGrade = "STANDARD";

/** Seats of one kind. `seats` is the first and the last seat number, both included. */
export interface Grade {
  readonly name: string;
  readonly price: Money;
  readonly seats: readonly [number, number];
}

export interface Seat {
  readonly seatNumber: number;
  readonly grade: string;
  readonly price: Money;
}

/** The seats of a new concert: either grades, or one price for every seat. */
export interface HallInput {
  readonly grades?: readonly Grade[];
  readonly price?: Money;
}

/** The grades of either kind of input. */
export const gradesOf = ({ grades, price }: HallInput): readonly Grade[] =>
  grades ?? (price === undefined ? [] : [{ name: onlyGrade, price, seats: [1, seatNumberMax] }]);

const isPrice = (price: Money): boolean =>
  Number.isInteger(price) && price >= 1 && price <= priceMax;

/**
 * Every violation of these rules:
 * - either grades or a price
 * - each price is a whole number from 1 to `priceMax`
 * - each grade has a name of its own
 * - each seat belongs to exactly one grade
 */
export const hallViolations = (input: HallInput): readonly Violation[] => {
  const { grades, price } = input;
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

/** The 50 seats of valid grades, by seat number. */
export const seatsOf = (grades: readonly Grade[]): readonly Seat[] =>
  grades
    .flatMap(({ name, price, seats }) =>
      seatNumbers(seats).map((seatNumber) => ({ seatNumber, grade: name, price })),
    )
    .sort((a, b) => a.seatNumber - b.seatNumber);
