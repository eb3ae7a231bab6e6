import assert from "node:assert/strict";
import { test } from "node:test";
import { buildPlan } from "../../../src/catalogue/domain/seating-plan.ts";
import { createChoice, numbersOf, requestsOf, spansOf } from "./choice.ts";

const grades = [{ name: "R", price: 1 }];
const input = {
  grades,
  sections: [
    {
      name: "Stalls",
      kind: "SEATED",
      grade: "R",
      rows: [
        { name: "A", seats: [1, 4] },
        { name: "B", seats: [1, 4] },
      ],
    },
    { name: "Floor", kind: "STANDING", grade: "R", capacity: 4_250 },
  ],
} as const;
const plan = { grades, ...buildPlan(input) };
const [stalls, floor] = plan.sections;
assert.ok(stalls && floor);

test("whole sections are requested by name, other seats by number, at most 2,000 at once", () => {
  assert.deepEqual(requestsOf(plan, new Set(numbersOf(stalls))), [{ section: "Stalls" }]);
  assert.deepEqual(requestsOf(plan, new Set([3, 1])), [{ seatNumbers: [1, 3] }]);
  assert.deepEqual(requestsOf(plan, new Set()), []);
  const [, ...all] = numbersOf(floor);
  const requests = requestsOf(plan, new Set([...numbersOf(stalls), ...all]));
  assert.deepEqual(
    requests.map((one) => ("section" in one ? one.section : one.seatNumbers.length)),
    ["Stalls", 2_000, 2_000, 249],
  );
});

test("a hall without section names is requested by number, also as a whole", () => {
  const nameless = { ...plan, sections: [{ ...stalls, name: null }] };
  assert.deepEqual(requestsOf(nameless, new Set(numbersOf(stalls))), [
    { seatNumbers: [1, 2, 3, 4, 5, 6, 7, 8] },
  ]);
});

test("the rows of a section are its spans, and a standing section has spans of 100 places", () => {
  const edges = (section: typeof stalls) =>
    spansOf(section).map(({ firstSeat, lastSeat }) => [firstSeat, lastSeat]);
  assert.deepEqual(edges(stalls), [
    [1, 4],
    [5, 8],
  ]);
  assert.deepEqual(
    [edges(floor).length, edges(floor)[0], edges(floor).at(-1)],
    [43, [9, 108], [4_209, 4_258]],
  );
});

test("one seat is chosen to see its holder, and many as house seats", () => {
  const { isHouse, chosen, choose, chooseAll, clear } = createChoice(plan);
  choose(2);
  choose(3);
  assert.deepEqual([...chosen.value], [3]);
  isHouse.value = true;
  clear();
  choose(2);
  choose(3);
  choose(2);
  assert.deepEqual([...chosen.value], [3]);
  chooseAll(floor, true);
  chooseAll(floor, false);
  assert.deepEqual([...chosen.value], [3]);
});

test("a choice up to a seat takes the seats in between when both are in one row", () => {
  const { isHouse, chosen, choose, clear } = createChoice(plan);
  isHouse.value = true;
  choose(4);
  choose(2, true);
  assert.deepEqual([...chosen.value].sort(), [2, 3, 4]);
  clear();
  choose(4);
  choose(6, true);
  assert.deepEqual([...chosen.value], [4, 6]);
});
