import assert from "node:assert/strict";
import { test } from "node:test";
import { buildPlan } from "../../../src/catalogue/domain/seating-plan.ts";
import { seatLabel } from "../../../src/kernel/seating-plan.ts";
import { blockFaults, firstBlock, rowNameAfter, sectionOfBlock, type Numbering } from "./blocks.ts";

const block = { ...firstBlock, name: "Stalls", grade: "R", rows: "3", seats: "4" };

// first | by | name
const names: [string, number, string][] = [
  ["A", 0, "A"],
  ["A", 25, "Z"],
  ["A", 26, "AA"],
  ["AA", 1, "AB"],
  ["ZZ", 1, "AAA"],
  ["1", 9, "10"],
  ["가", 0, "가"],
  ["가", 2, "가 3"],
];
for (const [first, by, name] of names)
  test(`${by} rows behind row ${first} is row ${name}`, () => {
    assert.equal(rowNameAfter(first, by), name);
  });

// numbering | names of the first row, from left to right
const numbered: [Numbering, string[]][] = [
  ["left", ["1", "2", "3", "4"]],
  ["right", ["4", "3", "2", "1"]],
  ["odd", ["1", "3", "5", "7"]],
  ["even", ["2", "4", "6", "8"]],
];
for (const [numbering, expected] of numbered)
  test(`a block that is numbered "${numbering}" has these names: ${expected.join(" ")}`, () => {
    const section = sectionOfBlock({ ...block, numbering });
    const plan = buildPlan({ grades: [{ name: "R", price: 1 }], sections: [section] });
    assert.equal(plan.seatsTotal, 12);
    assert.deepEqual(
      [1, 2, 3, 4].map((seatNumber) => seatLabel(plan, seatNumber).name),
      expected,
    );
    assert.equal(seatLabel(plan, 9).row, "C");
  });

test("a block has its place, angle and curve where they are typed, and none where they are not", () => {
  const made = sectionOfBlock({
    ...block,
    x: "-4.5",
    y: "2",
    angle: "15",
    curve: "0.8",
    rows: "1",
  });
  assert.deepEqual(made, {
    name: "Stalls",
    kind: "SEATED",
    grade: "R",
    x: -4.5,
    y: 2,
    angle: 15,
    rows: [{ name: "A", seats: [1, 4], curve: 0.8 }],
  });
  assert.deepEqual(sectionOfBlock({ ...block, kind: "STANDING", capacity: "300" }), {
    name: "Stalls",
    kind: "STANDING",
    grade: "R",
    capacity: 300,
  });
});

test("the fields of a block that make no section are named", () => {
  assert.deepEqual(blockFaults(block), []);
  const bad = { ...block, name: " ", rows: "0", seats: "501", curve: "-1", x: "left", angle: "1e" };
  assert.deepEqual(blockFaults(bad), ["name", "rows", "seats", "curve", "x", "angle"]);
  assert.deepEqual(blockFaults({ ...bad, name: "Floor", x: "", angle: "", kind: "STANDING" }), []);
  assert.deepEqual(blockFaults({ ...block, kind: "STANDING", capacity: "1e9" }), ["capacity"]);
});
