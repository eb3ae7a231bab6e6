import assert from "node:assert/strict";
import { test } from "node:test";
import type { PlanInput, RowInput, SectionInput } from "./plan-input.ts";
import { planViolations } from "./plan-violations.ts";

const grades = [{ name: "R", price: 10 }];
const row = (part: Partial<RowInput> = {}): RowInput => ({ name: "A", seats: [1, 10], ...part });
const seated = (...rows: RowInput[]): SectionInput => ({
  name: "Floor",
  kind: "SEATED",
  grade: "R",
  rows,
});
const standing = (part: Partial<SectionInput> = {}): SectionInput => ({
  name: "Floor",
  kind: "STANDING",
  grade: "R",
  capacity: 100,
  ...part,
});
const plan = (...sections: SectionInput[]): PlanInput => ({ grades, sections });
const named = (name: string): SectionInput => standing({ name, capacity: 1 });
const many = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n));
const fullSections = (count: number): SectionInput[] =>
  many(count, (n) => ({
    ...seated(...many(400, (at) => row({ name: `${at}`, seats: [1, 50] }))),
    name: `${n}`,
  }));

const cases: readonly [string, PlanInput, readonly string[]][] = [
  ["a seated and a standing section", plan(seated(row()), named("Pit")), []],
  [
    "a grade that no seat has",
    { ...plan(named("Pit")), grades: [...grades, { name: "S", price: 1 }] },
    [],
  ],
  ["odd names from the right", plan(seated(row({ seats: [1, 19], step: 2, reverse: true }))), []],
  ["60,000 seats", plan(...fullSections(3)), []],
  ["60,001 seats", plan(...fullSections(3), named("one more")), ["sections too-many-seats"]],
  ["a capacity of 1e9", plan(standing({ capacity: 1e9 })), ["sections/0/capacity out-of-range"]],
  ["a capacity of NaN", plan(standing({ capacity: NaN })), ["sections/0/capacity out-of-range"]],
  [
    "names up to 1e9",
    plan(seated(row({ seats: [1, 1e9] }))),
    ["sections/0/rows/0/seats out-of-range"],
  ],
  [
    "a row of 501 seats",
    plan(seated(row({ seats: [1, 501] }))),
    ["sections/0/rows/0/seats too-many-in-row"],
  ],
  [
    "a row of 501 places",
    plan(seated({ name: "A", places: many(501, (n) => ({ name: `${n}` })) })),
    ["sections/0/rows/0/places too-many-in-row"],
  ],
  [
    "401 rows",
    plan(seated(...many(401, (n) => row({ name: `${n}` })))),
    ["sections/0/rows too-many-rows"],
  ],
  ["501 sections", plan(...many(501, (n) => named(`${n}`))), ["sections too-many-sections"]],
  [
    "51 grades",
    {
      ...plan(named("Pit")),
      grades: many(51, (n) => ({ name: n === 0 ? "R" : `${n}`, price: 1 })),
    },
    ["grades too-many-grades"],
  ],
  ["no sections", plan(), ["sections empty"]],
  [
    "no grades",
    { grades: [], sections: [named("Pit")] },
    ["grades empty", "sections/0/grade unknown-grade"],
  ],
  ["a seated section without rows", plan({ ...seated(), name: "A" }), ["sections/0/rows empty"]],
  [
    "a section with the members of the other kind",
    plan({ ...seated(row()), capacity: 5 }, standing({ name: "Pit", rows: [] })),
    ["sections/0/capacity only-for-standing", "sections/1/rows only-for-seats"],
  ],
  [
    "sections without what they need",
    plan({ name: "A", kind: "SEATED", grade: "R" }, { name: "B", kind: "STANDING", grade: "R" }),
    ["sections/0/rows needed-for-seats", "sections/1/capacity needed-for-standing"],
  ],
  [
    "names that look the same",
    plan(
      seated({ name: "A", seats: [1, 2] }, { name: "A\u200b ", seats: [1, 2] }),
      named("Caf\u00e9"),
      named("Cafe\u0301"),
    ),
    ["sections/2/name duplicate-name", "sections/0/rows/1/name duplicate-name"],
  ],
  [
    "doubled names of sections, rows and places",
    plan(
      seated(row(), row(), { name: "B", places: [{ name: "x" }, { name: "x" }] }),
      named("Floor"),
    ),
    [
      "sections/1/name duplicate-name",
      "sections/0/rows/1/name duplicate-name",
      "sections/0/rows/2/places/1/name duplicate-name",
    ],
  ],
  [
    "a doubled grade",
    { ...plan(named("Pit")), grades: [...grades, ...grades] },
    ["grades/1/name duplicate-grade"],
  ],
  [
    "names that are empty, invisible or too long",
    plan(named(""), named("\u3164"), named("x".repeat(51)), named("x".repeat(50))),
    ["sections/0/name not-a-text", "sections/1/name not-a-text", "sections/2/name not-a-text"],
  ],
  [
    "grades that the plan does not have",
    plan({
      ...seated(row({ grade: "T" }), { name: "B", places: [{ name: "1", grade: "U" }] }),
      grade: "S",
    }),
    [
      "sections/0/grade unknown-grade",
      "sections/0/rows/0/grade unknown-grade",
      "sections/0/rows/1/places/0/grade unknown-grade",
    ],
  ],
  [
    "a row from high to low",
    plan(seated(row({ seats: [9, 1] }))),
    ["sections/0/rows/0/seats seats-reversed"],
  ],
  ["seat 0", plan(seated(row({ seats: [0, 1] }))), ["sections/0/rows/0/seats out-of-range"]],
  [
    "a step beside the last name",
    plan(seated(row({ seats: [1, 10], step: 2 }))),
    ["sections/0/rows/0/step step-misses-the-last"],
  ],
  ["a step of 0", plan(seated(row({ step: 0 }))), ["sections/0/rows/0/step out-of-range"]],
  [
    "a row without seats",
    plan(seated({ name: "A" })),
    ["sections/0/rows/0/seats neither-seats-nor-places"],
  ],
  [
    "a row with seats and places",
    plan(seated(row({ places: [{ name: "1" }] }))),
    ["sections/0/rows/0/places both-seats-and-places"],
  ],
  [
    "places with a step",
    plan(seated({ name: "A", step: 2, places: [{ name: "1" }] })),
    ["sections/0/rows/0/step only-with-seats"],
  ],
  [
    "coordinates that are NaN, infinite or far away",
    {
      ...plan(seated({ ...row({ x: NaN, curve: NaN }) }), {
        ...named("Pit"),
        y: Infinity,
        angle: 1e9,
      }),
      focus: { x: 0, y: 10_001 },
    },
    [
      "focus/y not-a-coordinate",
      "sections/0/rows/0/x not-a-coordinate",
      "sections/0/rows/0/curve out-of-range",
      "sections/1/y not-a-coordinate",
      "sections/1/angle out-of-range",
    ],
  ],
  [
    "a price of 0",
    { ...plan(named("Pit")), grades: [{ name: "R", price: 0 }] },
    ["grades/0/price out-of-range"],
  ],
];

for (const [title, input, expected] of cases)
  test(`a seating plan is checked as a whole: ${title}`, () =>
    assert.deepEqual(
      planViolations(input, "/plan").map(({ pointer, rule }) => `${pointer} ${rule}`),
      expected.map((one) => `/plan/${one}`),
    ));
