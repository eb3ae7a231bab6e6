import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { planFrom } from "#test/support/halls.ts";
import { countMatching, pickBest, type BestWish } from "./best-seats.ts";
import { freeSeats, setFree } from "./free-seats.ts";
import { geometryOf } from "./seat-geometry.ts";

/** Rows A and B of 7 seats, a section of one row of 4 behind them, and 5 standing places far away. */
const plan = planFrom({
  grades: [
    { name: "R", price: 2 },
    { name: "S", price: 1 },
  ],
  sections: [
    {
      name: "Stalls",
      kind: "SEATED",
      grade: "R",
      rows: [
        { name: "A", seats: [1, 7] },
        { name: "B", seats: [1, 7] },
      ],
    },
    { name: "Back", kind: "SEATED", grade: "S", rows: [{ name: "A", seats: [1, 4] }] },
    { name: "Pit", kind: "STANDING", grade: "S", capacity: 5, y: 90 },
  ],
});
const geometry = geometryOf(plan);

const wish = (count: number, part: Partial<BestWish> = {}): BestWish => ({
  count,
  grade: null,
  section: null,
  together: false,
  ...part,
});

/** `.` is a free seat; the rows of the plan one after the other. */
const pick = (rows: string, wished: BestWish) => {
  const letters = rows.replaceAll(" ", "");
  assert.equal(letters.length, plan.seatsTotal);
  return pickBest(
    geometry,
    freeSeats(Uint8Array.from(letters, (one) => (one === "." ? 1 : 0))),
    wished,
  );
};

describe("the best seats", () => {
  const table: [title: string, rows: string, wished: BestWish, seats: number[] | null][] = [
    [
      "the middle of the row that is nearest to the focus",
      "....... ....... .... .....",
      wish(3),
      [3, 4, 5],
    ],
    ["one seat in the middle of an empty row", "....... ....... .... .....", wish(1), [4]],
    [
      "no single seat is left beside the chosen ones",
      "X.....X ....... .... .....",
      wish(2),
      [2, 3],
    ],
    [
      "a row farther away rather than a single seat left over",
      "XX...XX ....... .... .....",
      wish(2),
      [10, 11],
    ],
    [
      "a single seat left over rather than seats apart",
      "XX...XX XXXXXXX X.X. XXXXX",
      wish(2),
      [3, 4],
    ],
    [
      "of equally near seats those with the lower numbers",
      "XX....X X....XX XXXX XXXXX",
      wish(2),
      [3, 4],
    ],
    [
      "two neighbouring rows rather than seats apart",
      ".X.X.X. X.X..XX X.X. XXXXX",
      wish(3),
      [3, 11, 12],
    ],
    [
      "any seats when no neighbouring rows have enough",
      ".XXXXXX XXXXXXX X.X. XXXXX",
      wish(3),
      [1, 16, 18],
    ],
    ["none when fewer are free", ".XXXXXX XXXXXXX XXXX XXXXX", wish(2), null],
    [
      "together: none rather than seats apart",
      ".X.X.X. X.X.X.X X.X. XXXXX",
      wish(2, { together: true }),
      null,
    ],
    [
      "together: a single seat may be left over",
      "XX...XX XXXXXXX XXXX XXXXX",
      wish(2, { together: true }),
      [3, 4],
    ],
    ["only seats of the grade", "....... ....... .... .....", wish(2, { grade: "S" }), [15, 16]],
    [
      "only seats of the section",
      "....... ....... .... .....",
      wish(2, { section: "Back" }),
      [15, 16],
    ],
    [
      "standing places are together wherever they are",
      "XXXXXXX XXXXXXX XXXX .X.X.",
      wish(3, { together: true }),
      [19, 21, 23],
    ],
    [
      "standing places of a section by its name",
      "....... ....... .... .....",
      wish(2, { section: "Pit" }),
      [19, 20],
    ],
    [
      "none for a grade that the hall does not have",
      "....... ....... .... .....",
      wish(1, { grade: "T" }),
      null,
    ],
    [
      "none for a section that the hall does not have",
      "....... ....... .... .....",
      wish(1, { section: "T" }),
      null,
    ],
  ];
  for (const [title, rows, wished, seats] of table)
    it(title, () => assert.deepEqual(pick(rows, wished), seats));

  it("are the same for seats that change between choices as for seats seen for the first time", () => {
    const step = fc.record({
      index: fc.nat(plan.seatsTotal - 1),
      isFree: fc.boolean(),
      wished: fc.record({
        count: fc.integer({ min: 1, max: 4 }),
        grade: fc.constantFrom(null, "R", "S"),
        section: fc.constantFrom(null, "Stalls", "Pit"),
        together: fc.boolean(),
      }),
    });
    const property = fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const free = freeSeats(new Uint8Array(plan.seatsTotal).fill(1));
      for (const { index, isFree, wished } of steps) {
        setFree(free, index, isFree);
        const fresh = freeSeats(free.bits.slice());
        assert.deepEqual(pickBest(geometry, free, wished), pickBest(geometry, fresh, wished));
      }
    });
    fc.assert(property);
  });

  it("the free seats that match grade and section are counted", () => {
    const free = freeSeats(new Uint8Array(plan.seatsTotal).fill(1));
    setFree(free, 14, false);
    const counts = [wish(1), wish(1, { grade: "S" }), wish(1, { section: "Back" })];
    assert.deepEqual(
      counts.map((one) => countMatching(geometry, free, one)),
      [22, 8, 3],
    );
    assert.equal(countMatching(geometry, free, wish(1, { section: "T" })), 0);
  });
});
