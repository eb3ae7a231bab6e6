import assert from "node:assert/strict";
import { test } from "node:test";
import { buildPlan } from "../../../src/catalogue/domain/seating-plan.ts";
import type { PlanInput } from "../../../src/catalogue/domain/plan-input.ts";
import { inputOfPlan, readJsonPlan } from "./plan-files.ts";

const input: PlanInput = {
  grades: [
    { name: "R", price: 10 },
    { name: "S", price: 5 },
  ],
  focus: { x: 1, y: -2 },
  sections: [
    {
      name: "Stalls",
      kind: "SEATED",
      grade: "R",
      angle: 12,
      rows: [
        { name: "A", seats: [1, 5] },
        { name: "B", seats: [1, 9], step: 2, reverse: true, grade: "S", curve: 0.5 },
        { name: "C", places: [{ name: "box" }, { name: "aisle", grade: "S", x: 7 }] },
      ],
    },
    { name: "Pit", kind: "STANDING", grade: "S", capacity: 100 },
  ],
};

test("the plan of another sale makes the same plan again", () => {
  const plan = { grades: input.grades, ...buildPlan(input) };
  const copy = inputOfPlan(plan);
  assert.deepEqual(copy.grades, input.grades);
  assert.deepEqual(buildPlan(copy), buildPlan(input));
});

test("a plan is read from JSON, alone or inside of a request", () => {
  for (const value of [input, { title: "x", seatingPlan: input }]) {
    assert.deepEqual(readJsonPlan(`\uFEFF${JSON.stringify(value)}`), { plan: input });
  }
  const bare = { sections: input.sections };
  assert.deepEqual(readJsonPlan(JSON.stringify(bare)), { plan: { ...bare, grades: [] } });
});

test("JSON that is none has the line of its fault", () => {
  const faulty = '{\n "sections": [\n  {} {}\n ]}\n';
  assert.deepEqual(readJsonPlan(faulty), { fault: "not-json", line: 3 });
  assert.deepEqual(readJsonPlan(""), { fault: "not-json", line: null });
});

const [seated] = input.sections;
const misshapen: readonly [at: string, value: unknown][] = [
  ["/", []],
  ["/", 3],
  ["/sections", {}],
  ["/sections", { sections: 1 }],
  ["/sections/0", { sections: ["x"] }],
  ["/sections/0/name", { sections: [{}] }],
  ["/sections/1/grade", { sections: [seated, { ...seated, grade: 3 }] }],
  ["/sections/0/rows", { sections: [{ ...seated, rows: 5 }] }],
  ["/sections/0/rows/0/name", { sections: [{ ...seated, rows: [{ name: 5 }] }] }],
  ["/sections/0/rows/0/places", { sections: [{ ...seated, rows: [{ name: "A", places: "x" }] }] }],
  ["/grades", { sections: [seated], grades: "R" }],
  ["/grades/0/name", { sections: [seated], grades: [{ price: 3 }] }],
];
for (const [at, value] of misshapen)
  test(`JSON that is no plan is refused at ${at}: ${JSON.stringify(value).slice(0, 30)}`, () => {
    assert.deepEqual(readJsonPlan(JSON.stringify(value)), { fault: "not-a-plan", at });
  });
