import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { comparePlaces } from "#kernel/place.ts";
import { isEndedReason, isPlace, placeIdOf, placeOf, scoreOf } from "./place.ts";

const marks = fc.record({
  epoch: fc.integer({ min: 1, max: 4095 }),
  seq: fc.integer({ min: 1, max: 2 ** 40 - 1 }),
});

test("a score is exact, keeps the order of places, and is larger than every draw value", () => {
  fc.assert(
    fc.property(marks, marks, (a, b) => {
      assert.deepEqual(placeOf(scoreOf(a)), { ...a });
      assert.ok(Number.isSafeInteger(scoreOf(a)));
      assert.ok(scoreOf(a) > 2 ** 52);
      assert.equal(Math.sign(scoreOf(a) - scoreOf(b)), Math.sign(comparePlaces(a, b)));
    }),
  );
});

test("the last place of an epoch is ahead of the first one of the next epoch", () => {
  assert.ok(scoreOf({ epoch: 1, seq: 2 ** 40 - 1 }) < scoreOf({ epoch: 2, seq: 1 }));
});

test("numbers outside of the bands have no score", () => {
  for (const [epoch, seq] of [
    [0, 1],
    [1, 0],
    [4096, 1],
    [1, 2 ** 40],
    [1.5, 1],
    [1, Number.NaN],
    ["1", 1],
    [1, null],
  ]) {
    assert.equal(isPlace(epoch, seq), false, `${epoch} ${seq}`);
    assert.throws(() => scoreOf({ epoch, seq } as never), RangeError);
  }
});

test("the id of a place contains epoch and number, and nothing else", () => {
  assert.equal(placeIdOf({ epoch: 1, seq: 1 }), "1.1");
  assert.equal(placeIdOf({ epoch: 36, seq: 35 }), "10.z");
});

test("only the five reasons of the contract are reasons for an end", () => {
  for (const word of ["PAID", "LEFT", "LAPSED", "SOLD_OUT", "CLOSED"]) {
    assert.equal(isEndedReason(word), true);
  }
  for (const word of ["", "ADMITTED", "toString"]) assert.equal(isEndedReason(word), false);
});
