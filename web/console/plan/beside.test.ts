import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { PlanInput } from "../../../src/catalogue/domain/plan-input.ts";
import { layoutOfInput, overlapsIn, placedBeside } from "./beside.ts";
import { firstBlock, sectionOfBlock, type Block } from "./blocks.ts";

const folder = new URL("../../../src/app/demo-plans/", import.meta.url);
const demoPlan = (name: string): PlanInput =>
  JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")) as PlanInput;

const block = (name: string, part: Partial<Block> = {}): Block => ({
  ...firstBlock,
  name,
  grade: "R",
  ...part,
});
const planFor = (...blocks: readonly Block[]): PlanInput => ({
  grades: [{ name: "R", price: 1 }],
  sections: blocks.map(sectionOfBlock),
});
const centre = block("Centre", { seats: "20" });

for (const side of ["left", "right"] as const)
  test(`a block ${side} of a section is an aisle away, in line with it, and overlaps nothing`, () => {
    const placed = placedBeside(block("Side", { seats: "10" }), planFor(centre), "Centre", side);
    const layout = layoutOfInput(planFor(centre, placed));
    const [first, second] = layout.sections;
    assert.ok(first && second);
    assert.equal(first.section.y, second.section.y);
    const [left, right] = side === "left" ? [second, first] : [first, second];
    // The boxes have 0.6 m of space around the seats, so the aisle is 1.2 m wide.
    assert.ok(Math.abs(left.box.right - right.box.left) < 0.01);
    assert.deepEqual(overlapsIn(layout), []);
  });

test("a standing or turned block is placed by its own outline", () => {
  for (const part of [{ kind: "STANDING", capacity: "400" }, { angle: "30" }] as const) {
    const placed = placedBeside(block("Side", part), planFor(centre), "Centre", "right");
    const [first, second] = layoutOfInput(planFor(centre, placed)).sections;
    assert.ok(first && second && Math.abs(first.box.right - second.box.left) < 0.01);
  }
});

test("sections whose seats stand on each other are named once, and those of the demo plans do not", () => {
  const other = block("Other", { x: "0.1", y: "4" });
  const layout = layoutOfInput(planFor(centre, other, block("Free")));
  assert.deepEqual(overlapsIn(layout), [["Centre", "Other"]]);
  const rows = [
    { name: "A", seats: [1, 5], y: 0 },
    { name: "B", seats: [1, 5], y: 0.1 },
  ] as const;
  const doubled = { ...planFor(), sections: [{ ...sectionOfBlock(centre), rows }] };
  assert.deepEqual(overlapsIn(layoutOfInput(doubled)), [["Centre", "Centre"]]);
  for (const name of ["theatre", "arena"] as const)
    assert.deepEqual(overlapsIn(layoutOfInput(demoPlan(name))), []);
});
