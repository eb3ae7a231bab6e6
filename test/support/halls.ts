import type { SeatingPlan } from "#kernel/seating-plan.ts";
import type { PlanInput } from "../../src/catalogue/domain/plan-input.ts";
import { buildPlan } from "../../src/catalogue/domain/seating-plan.ts";
import type { Members } from "./client.ts";
import { times } from "./concurrency.ts";
import { demoPlan } from "./demo-plans.ts";

const letter = (n: number): string => String.fromCodePoint(65 + n);

/** The plan that the server makes of an operator's. */
export const planFrom = (input: Members): SeatingPlan => buildPlan(input as unknown as PlanInput);

/** Rows A, B, … of so many seats each. */
export const rowsOf = (rows: number, seats: number): Members[] =>
  times(rows, (n) => ({ name: letter(n), seats: [1, seats] }));

/** Two seated sections of 4 rows with 10 seats, in two grades, and a standing section of 20 places: 100 seats. */
export const smallHall: Members = {
  grades: [
    { name: "R", price: 500 },
    { name: "S", price: 300 },
    { name: "ST", price: 200 },
  ],
  sections: [
    { name: "Stalls", kind: "SEATED", grade: "R", rows: rowsOf(4, 10) },
    { name: "Balcony", kind: "SEATED", grade: "S", rows: rowsOf(4, 10) },
    { name: "Pit", kind: "STANDING", grade: "ST", capacity: 20 },
  ],
};

/** Sections of 20 rows with 50 seats, 1,000 seats each. */
export const hallOf = (sections: number): Members => ({
  grades: [{ name: "R", price: 500 }],
  sections: times(sections, (n) => ({
    name: `Block ${n + 1}`,
    kind: "SEATED",
    grade: "R",
    rows: rowsOf(20, 50),
  })),
});

/** The demo plan of 11,992 seats at one price. Its standing places come last, so that seats 1 to 50 are in rows. */
const arenaAt = (price: number): Members => {
  const { grades, sections } = demoPlan("arena") as unknown as PlanInput;
  return {
    grades: grades.map(({ name }) => ({ name, price })),
    sections: sections.toSorted((a, b) => a.kind.localeCompare(b.kind)),
  };
};

/**
 * The hall of a sale for which a test names none: 50 seats, or with `TEST_HALL=arena` 11,992. So the tests of races and
 * faults run in both.
 */
export const hallUnderTest = (price: number): Members => {
  const name = process.env["TEST_HALL"] ?? "fifty-seats";
  if (name === "fifty-seats") return { price };
  if (name === "arena") return { seatingPlan: arenaAt(price) };
  throw new Error(`TEST_HALL is fifty-seats or arena, not ${name}`);
};

/** The seats of a date in that hall. */
export const seatsUnderTest = (): number => {
  const { seatingPlan } = hallUnderTest(1);
  return seatingPlan === undefined ? 50 : planFrom(seatingPlan as Members).seatsTotal;
};
