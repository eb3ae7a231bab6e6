import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { PlanInput, SectionInput } from "../../../src/catalogue/domain/plan-input.ts";
import { buildPlan } from "../../../src/catalogue/domain/seating-plan.ts";
import { blockOfSection, hasGrades, inGrade } from "./block-of-section.ts";
import { firstBlock, sectionOfBlock, type Block } from "./blocks.ts";
import { inputOfPlan } from "./plan-files.ts";

const folder = new URL("../../../src/app/demo-plans/", import.meta.url);
const demoPlan = (name: string): PlanInput =>
  JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")) as PlanInput;

const block: Block = { ...firstBlock, name: "Stalls", grade: "R", rows: "3", seats: "8" };
const variants: readonly [title: string, block: Block][] = [
  ["from the left", block],
  ["from the right", { ...block, numbering: "right" }],
  ["odd", { ...block, numbering: "odd", firstRow: "11" }],
  ["even", { ...block, numbering: "even" }],
  ["curved, turned and placed", { ...block, curve: "1.5", angle: "-20", x: "4", y: "9.5" }],
  ["one seat wide", { ...block, seats: "1" }],
  ["standing", { ...block, kind: "STANDING", capacity: "30" }],
];
for (const [title, one] of variants)
  test(`a section from a block is that block again: ${title}`, () => {
    const section = sectionOfBlock(one);
    const again = blockOfSection(section);
    assert.equal(again.kept, null);
    assert.deepEqual(sectionOfBlock(again), section);
  });

test("a copied section of a block can be changed as a block, with its place", () => {
  const input = { grades: [{ name: "R", price: 1 }], sections: [sectionOfBlock(block)] };
  const [copy] = inputOfPlan({ grades: input.grades, ...buildPlan(input) }).sections;
  assert.ok(copy);
  const found = blockOfSection(copy);
  assert.deepEqual([found.rows, found.seats, found.firstRow, found.kept], ["3", "8", "A", null]);
  assert.deepEqual([found.x, found.y], ["0", "4"]);
});

const uneven: SectionInput = {
  name: "Box",
  kind: "SEATED",
  grade: "R",
  rows: [
    { name: "A", seats: [1, 5] },
    { name: "B", seats: [1, 9], grade: "S" },
    { name: "C", places: [{ name: "x" }, { name: "y", grade: "S", x: 3, y: 2 }] },
  ],
};

test("rows that are no block stay as they are when their section is renamed and moved", () => {
  const found = blockOfSection(uneven);
  assert.deepEqual(sectionOfBlock(found), uneven);
  assert.deepEqual(sectionOfBlock({ ...found, name: "Loge", x: "2", angle: "5" }), {
    ...uneven,
    name: "Loge",
    x: 2,
    angle: 5,
  });
});

test("a new grade is that of all rows and places of a section", () => {
  const found = blockOfSection(uneven);
  assert.ok(hasGrades(found));
  const regraded = inGrade(found, "VIP");
  assert.ok(!hasGrades(regraded));
  const section = sectionOfBlock(regraded);
  const grades = buildPlan({ grades: [], sections: [section] }).sections.flatMap(({ rows }) =>
    rows.flatMap(({ grade, places }) => [grade, ...(places ?? []).map((place) => place.grade)]),
  );
  assert.deepEqual([...new Set(grades)], ["VIP"]);
  assert.deepEqual(section.rows?.[2]?.places?.[1], { name: "y", x: 3, y: 2 });
});

for (const name of ["theatre", "arena"] as const)
  test(`each section of the ${name} can be changed, and is the same when nothing is changed`, () => {
    const { sections } = demoPlan(name);
    const again = sections.map((section) => sectionOfBlock(blockOfSection(section)));
    const seats = (list: readonly SectionInput[]) => buildPlan({ grades: [], sections: list });
    assert.deepEqual(seats(again), seats(sections));
  });
