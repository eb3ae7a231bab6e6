import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { singlesCreated } from "./single-seats.ts";

/** A row as a text: `.` free, `x` taken or blocked, `C` free and chosen. */
const singlesOf = (row: string): readonly number[] => {
  const letters = row.split("");
  return singlesCreated(
    letters.map((letter) => letter !== "x"),
    letters.flatMap((letter, index) => (letter === "C" ? [index] : [])),
  );
};

const isSingleAt = (row: readonly boolean[], index: number): boolean =>
  row[index] === true && row[index - 1] !== true && row[index + 1] !== true;

/** The seats that are single after the choice and were not before, by the words of the rule. */
const createdBy = (free: readonly boolean[], chosen: readonly number[]): readonly number[] => {
  const after = free.map((isFree, index) => isFree && !chosen.includes(index));
  return [...free.keys()].filter((n) => isSingleAt(after, n) && !isSingleAt(free, n));
};

/** Every choice of `count` seats. */
const choices = (seats: readonly number[], count: number): readonly (readonly number[])[] => {
  if (count === 0) return [[]];
  return seats.flatMap((seat, n) =>
    choices(seats.slice(n + 1), count - 1).map((rest) => [seat, ...rest]),
  );
};

const free = fc.array(fc.boolean(), { minLength: 1, maxLength: 11 });

describe("single seats", () => {
  for (const [row, expected, title] of [
    ["CC....", [], "a choice at the end of a row with two or more seats beside it creates none"],
    [".CC...", [0], "a free seat between the choice and the row's end is single"],
    ["xx.CC..", [2], "a free seat between the choice and a taken seat is single"],
    ["C.C...", [1], "a free seat between two chosen ones is single"],
    [".C.C...", [0, 2], "every single seat of the choice is named"],
    [".xCC...", [], "a seat that was single before is not created"],
    ["CC.", [], "a choice is allowed when every choice of its size leaves a single seat"],
    ["CC.x....", [2], "a choice is refused when other seats of the row leave none"],
    ["C.x.", [1], "the same for one seat, when a single seat could be taken instead"],
    [".Cx", [], "two free seats in a row are sold one by one"],
    ["CCC", [], "a whole row creates none"],
    ["CC.x.", [2], "the other choice may be of seats that are not side by side"],
  ] as const)
    it(`${title}: ${row}`, () => assert.deepEqual(singlesOf(row), expected));

  it("they are those that the rule names, for every row and choice (checked against all choices)", () => {
    fc.assert(
      fc.property(free, fc.nat(), fc.infiniteStream(fc.nat()), (row, size, picks) => {
        const seats = [...row.keys()].filter((n) => row[n] === true);
        const count = Math.min(size % 7, seats.length);
        const left = [...seats];
        const chosen = [...picks.take(count)]
          .flatMap((pick) => left.splice(pick % left.length, 1))
          .sort((a, b) => a - b);
        const canAvoid = choices(seats, count).some((other) => createdBy(row, other).length === 0);
        assert.deepEqual(singlesCreated(row, chosen), canAvoid ? createdBy(row, chosen) : []);
      }),
      { numRuns: 1_000 },
    );
  });
});
