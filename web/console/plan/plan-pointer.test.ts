import assert from "node:assert/strict";
import { test } from "node:test";
import type { PlanInput } from "../../../src/catalogue/domain/plan-input.ts";
import { language } from "../../shared/language.ts";
import { placeOfPointer } from "./plan-pointer.ts";

const plan: PlanInput = {
  grades: [{ name: "R", price: 1 }],
  sections: [
    {
      name: "Stalls",
      kind: "SEATED",
      grade: "R",
      rows: [
        { name: "A", seats: [1, 2] },
        { name: "B", places: [{ name: "7" }] },
      ],
    },
  ],
};

const pointers: [string, string][] = [
  ["/seatingPlan/grades/0/price", "grade R, price"],
  ["/seatingPlan/sections/0/name", "section Stalls, name"],
  ["/seatingPlan/sections/0/rows/0/seats", "section Stalls, row A, seats"],
  ["/seatingPlan/sections/0/rows/1/places/0/name", "section Stalls, row B, seat 7, name"],
  ["/seatingPlan/sections", "sections"],
  ["/seatingPlan/sections/9/rows/3/name", "sections 9 rows 3 name"],
];
for (const [pointer, place] of pointers)
  test(`the pointer ${pointer} is named "${place}"`, () => {
    language.value = "en";
    assert.equal(placeOfPointer(pointer, plan), place);
  });
