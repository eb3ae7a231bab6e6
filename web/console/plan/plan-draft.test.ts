import assert from "node:assert/strict";
import { test } from "node:test";
import { firstBlock } from "./blocks.ts";
import {
  draftOfPlan,
  draftOfSections,
  emptyPlan,
  gradeUses,
  planOf,
  planPriceErrors,
  seatsOf,
  withBlock,
  withGrade,
} from "./plan-draft.ts";

Object.assign(globalThis, { document: { documentElement: { dataset: { minorDigits: "2" } } } });

const section = {
  name: "Stalls",
  kind: "SEATED",
  grade: "R",
  rows: [
    { name: "A", seats: [1, 5] },
    { name: "B", places: [{ name: "x" }] },
  ],
} as const;
const plan = { grades: [{ name: "R", price: 12_050 }], sections: [section], focus: { x: 1, y: 2 } };

test("a plan that is taken as a whole is sent as it was, with prices in the minor unit", () => {
  const draft = draftOfPlan(plan);
  assert.equal(draft.grades[0]?.price, "120.50");
  assert.deepEqual(planOf(draft), plan);
});

test("sections of a file keep the prices of grades that are known, and need those of new ones", () => {
  const draft = draftOfSections(draftOfPlan(plan), [section], ["S", "R"]);
  assert.deepEqual(draft.grades, [
    { key: "S", name: "S", price: "" },
    { key: "R", name: "R", price: "120.50" },
  ]);
  assert.deepEqual(
    planPriceErrors(draft).map(({ pointer }) => pointer),
    ["/seatingPlan/grades/0/price"],
  );
});

test("a block is added at the end, or replaces its section", () => {
  const block = { ...firstBlock, name: "Stalls", grade: "R" };
  const one = withBlock(emptyPlan, block, null);
  const two = withBlock(one, { ...block, name: "Balcony", rows: "2" }, null);
  const changed = withBlock(two, { ...block, name: "Floor", rows: "1" }, 0);
  assert.deepEqual(
    changed.sections.map(({ name, rows }) => [name, rows?.length]),
    [
      ["Floor", 1],
      ["Balcony", 2],
    ],
  );
  assert.equal(seatsOf(changed.sections[1] ?? section), 40);
  assert.equal(seatsOf(section), 6);
});

test("sections follow the new name of their grade, also while it reads as another grade's", () => {
  const mixed = {
    ...section,
    rows: [{ name: "A", places: [{ name: "1", grade: "S" }, { name: "2" }], grade: "R" }],
  };
  const grades = [
    { name: "R", price: 100 },
    { name: "S", price: 100 },
  ];
  const draft = draftOfPlan({ grades, sections: [mixed] });
  // The operator types "RS" over "S": it reads "R" in between, as the other grade.
  const rename = (from: typeof draft, name: string) => ({
    ...from,
    grades: from.grades.map((one) => (one.key === "S" ? { ...one, name } : one)),
  });
  const renamed = planOf(rename(rename(draft, "R"), "RS"));
  assert.deepEqual(renamed.sections[0], {
    ...mixed,
    rows: [{ name: "A", grade: "R", places: [{ name: "1", grade: "RS" }, { name: "2" }] }],
  });
});

test("the uses of a grade are the sections that have seats of it, and a new grade has a key of its own", () => {
  const rows = [{ name: "A", seats: [1, 5], grade: "S" }] as const;
  const sections = [section, { ...section, name: "Balcony", rows }];
  const draft = draftOfPlan({ grades: [{ name: "#2", price: 1 }], sections });
  assert.deepEqual(
    [...gradeUses(draft)],
    [
      ["R", 2],
      ["S", 1],
    ],
  );
  const more = withGrade(withGrade(draft));
  assert.equal(new Set(more.grades.map(({ key }) => key)).size, 3);
});
