import assert from "node:assert/strict";
import { test } from "node:test";
import type { Round } from "./round.ts";
import { isSaturated, judgeRatio, saturatedRound } from "./saturation.ts";

const round = (serverBusy: number | null, perSecond = 100): Round => ({
  ...{ perSecond, serverBusy, cpuUs: {}, memoryBytes: {}, idle: null, latency: null },
});

/** Gives the rounds in turn, and counts how many were measured. */
const inTurn = (rounds: readonly Round[]) => {
  let measured = 0;
  const measure = (): Promise<Round> => {
    const next = rounds[measured++];
    return next === undefined ? Promise.reject(new Error("one round more")) : Promise.resolve(next);
  };
  return { measure, measured: () => measured };
};

test("a floor is saturated when its core was busy for 95 % of the time", () => {
  assert.deepEqual(
    [0, 0.5, 0.949, 0.95, 1, 1.01].map((busy) => isSaturated(round(busy))),
    [false, false, false, true, true, true],
  );
  assert.equal(isSaturated(round(null)), true, "a floor in the database has no server process");
});

test("a saturated round is measured once", async () => {
  const rounds = inTurn([round(0.95)]);
  assert.equal((await saturatedRound(rounds.measure)).serverBusy, 0.95);
  assert.equal(rounds.measured(), 1);
});

test("a round whose core was idle is measured once more, and the busier round of the two stays", async () => {
  for (const [first, second, kept] of [
    [0.6, 0.97, 0.97],
    [0.6, 0.7, 0.7],
    [0.7, 0.6, 0.7],
  ] as const) {
    const rounds = inTurn([round(first), round(second)]);
    assert.equal((await saturatedRound(rounds.measure)).serverBusy, kept);
    assert.equal(rounds.measured(), 2);
  }
});

test("a ratio is that of the rounds with a saturated floor", () => {
  const floor = [round(0.99, 200), round(0.5, 100), round(0.96, 200)];
  const subject = [round(0.8, 50), round(0.8, 90), round(0.8, 70)];
  const { ratio, counts } = judgeRatio(subject, floor);
  assert.deepEqual(ratio.rounds, [0.25, 0.35]);
  assert.equal(counts, true);
});

test("a ratio does not count when half of the rounds had no saturated floor", () => {
  const floor = [round(0.99, 200), round(0.5, 100)];
  const subject = [round(0.8, 50), round(0.8, 50)];
  const { ratio, counts } = judgeRatio(subject, floor);
  assert.deepEqual(ratio.rounds, [0.25, 0.5], "of all rounds, as there is nothing better");
  assert.equal(counts, false);
});

test("a ratio with a floor in the database counts, and a round without a floor is refused", () => {
  const subject = [round(0.3, 50)];
  assert.equal(judgeRatio(subject, [round(null, 50)]).counts, true);
  assert.throws(() => judgeRatio(subject, []), RangeError);
});
