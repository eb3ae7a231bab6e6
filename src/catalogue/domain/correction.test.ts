import assert from "node:assert/strict";
import { test } from "node:test";
import type { Concert } from "./concert.ts";
import { correctedFacts, correctionViolations, type Correction } from "./correction.ts";

const grades = [
  { name: "R", price: 5 },
  { name: "S", price: 3 },
];
const concert = { title: "T", venue: null, grades } as unknown as Concert;

const cases: readonly [string, Correction, readonly string[]][] = [
  ["nothing", {}, []],
  [
    "a title, a venue and a price",
    { title: "U", venue: "V", grades: [{ name: "S", price: 4 }] },
    [],
  ],
  ["an invisible title", { title: "\u3164" }, ["/title not-a-text"]],
  ["an empty venue", { venue: "" }, ["/venue not-a-text"]],
  ["a price of 0", { grades: [{ name: "S", price: 0 }] }, ["/grades/0/price out-of-range"]],
  ["an unknown grade", { grades: [{ name: "T", price: 1 }] }, ["/grades/0/name unknown-grade"]],
  [
    "a grade twice",
    {
      grades: [
        { name: "R", price: 1 },
        { name: "R", price: 2 },
      ],
    },
    ["/grades/1/name duplicate-grade"],
  ],
];
for (const [title, correction, expected] of cases)
  test(`a correction is checked: ${title}`, () =>
    assert.deepEqual(
      correctionViolations(concert, correction).map(({ pointer, rule }) => `${pointer} ${rule}`),
      expected,
    ));

test("a correction keeps what it leaves out", () => {
  assert.deepEqual(correctedFacts(concert, { grades: [{ name: "S", price: 4 }] }), {
    title: "T",
    venue: null,
    grades: [
      { name: "R", price: 5 },
      { name: "S", price: 4 },
    ],
  });
});
