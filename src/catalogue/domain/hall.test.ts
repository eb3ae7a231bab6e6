import assert from "node:assert/strict";
import { test } from "node:test";
import { rowSpan, seatLabel } from "#kernel/seating-plan.ts";
import { type Grade, gradesOf, hallPlan, hallViolations, type HallInput } from "./hall.ts";
import { priceMax } from "./price.ts";

const grade = (name: string, from: number, to: number, price = 10): Grade => ({
  name,
  price,
  seats: [from, to],
});
const whole = [grade("R", 1, 20), grade("S", 21, 50)];

const cases: readonly [string, HallInput, readonly string[]][] = [
  ["grades that cover every seat", { grades: whole }, []],
  ["one grade with every seat", { grades: [grade("R", 1, 50)] }, []],
  ["grades in any order", { grades: [...whole].reverse() }, []],
  ["a grade of one seat", { grades: [grade("R", 1, 1), grade("S", 2, 50)] }, []],
  ["one price", { price: 1 }, []],
  ["the highest price", { price: priceMax }, []],
  ["no price at all", {}, ["/price neither-price-nor-grades"]],
  ["a price and grades", { price: 1, grades: whole }, ["/price both-price-and-grades"]],
  ["a price of 0", { price: 0 }, ["/price out-of-range"]],
  ["a negative price", { price: -1 }, ["/price out-of-range"]],
  ["a price that is not whole", { price: 1.5 }, ["/price out-of-range"]],
  ["too high a price", { price: priceMax + 1 }, ["/price out-of-range"]],
  ["no grade", { grades: [] }, ["/grades seats-without-a-grade"]],
  [
    "a grade with a price of 0",
    { grades: [grade("R", 1, 50, 0)] },
    ["/grades/0/price out-of-range"],
  ],
  ["seat 0", { grades: [grade("R", 0, 50)] }, ["/grades/0/seats seats-outside-the-hall"]],
  ["seat 51", { grades: [grade("R", 1, 51)] }, ["/grades/0/seats seats-outside-the-hall"]],
  ["half a seat", { grades: [grade("R", 1, 49.5)] }, ["/grades/0/seats seats-outside-the-hall"]],
  [
    "seat numbers that are NaN",
    { grades: [grade("R", NaN, NaN)] },
    ["/grades/0/seats seats-outside-the-hall"],
  ],
  ["a range from high to low", { grades: [grade("R", 50, 1)] }, ["/grades/0/seats seats-reversed"]],
  [
    "a hall without a grade for the last seat",
    { grades: [grade("R", 1, 49)] },
    ["/grades seats-without-a-grade"],
  ],
  [
    "a hall without a grade for the first seat",
    { grades: [grade("R", 2, 50)] },
    ["/grades seats-without-a-grade"],
  ],
  [
    "a seat between left over",
    { grades: [grade("R", 1, 20), grade("S", 22, 50)] },
    ["/grades seats-without-a-grade"],
  ],
  [
    "a seat in two grades",
    { grades: [grade("R", 1, 21), grade("S", 21, 50)] },
    ["/grades/1/seats seats-in-two-grades"],
  ],
  [
    "a name twice",
    { grades: [grade("R", 1, 20), grade("R", 21, 50)] },
    ["/grades/1/name duplicate-grade"],
  ],
  [
    "every violation is listed",
    { grades: [grade("R", 0, 20, 0), grade("S", 50, 21)] },
    [
      "/grades/0/price out-of-range",
      "/grades/0/seats seats-outside-the-hall",
      "/grades/1/seats seats-reversed",
    ],
  ],
];

for (const [title, input, expected] of cases)
  test(`the seats of a concert are checked: ${title}`, () =>
    assert.deepEqual(
      hallViolations(input).map(({ pointer, rule }) => `${pointer} ${rule}`),
      expected,
    ));

test("one price makes one grade of every seat", () => {
  assert.deepEqual(gradesOf({ price: 7 }), [{ name: "STANDARD", price: 7, seats: [1, 50] }]);
  assert.deepEqual(gradesOf({ grades: whole }), whole);
  assert.deepEqual(gradesOf({}), []);
});

test("the seats are 1 to 50 in one row without names, each with its grade", () => {
  const plan = hallPlan([grade("S", 21, 50, 5), grade("R", 1, 20, 9)]);
  assert.equal(plan.seatsTotal, 50);
  const nameless = { section: null, row: null, name: null };
  assert.deepEqual(seatLabel(plan, 20), { ...nameless, grade: "R" });
  assert.deepEqual(seatLabel(plan, 21), { ...nameless, grade: "S" });
  assert.deepEqual(rowSpan(plan, 20), { name: null, firstSeat: 1, lastSeat: 50 });
});
