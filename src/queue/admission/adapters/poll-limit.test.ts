import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import { pollLimit, pollsAllowed, pollsAllowedInCrowd, shareAllowed } from "./poll-limit.ts";

const scene = () => {
  const moment = { ms: 7_000, isCrowded: false };
  const limit = pollLimit({
    monotonicMs: () => moment.ms,
    isCrowded: () => moment.isCrowded,
  });
  const concertId = toId<"concert">(randomUUID());
  const ask = (placeId: string, where = concertId) => limit.allows({ concertId: where, placeId });
  /** The number of answered polls out of so many. */
  const answered = (placeId: string, polls: number): number =>
    Array.from({ length: polls }, () => ask(placeId)).filter(Boolean).length;
  return { moment, ask, answered };
};

test("a place that floods the instance is refused until the second is over", () => {
  const { moment, answered } = scene();
  assert.equal(answered("1.a", 500), pollsAllowed);
  moment.ms += 999;
  assert.equal(answered("1.a", 10), 0);
  moment.ms += 1;
  assert.equal(answered("1.a", 500), pollsAllowed);
});

test("a place that polls every 10 ms is never refused, and no other place while one floods", () => {
  const { moment, ask, answered } = scene();
  for (let polls = 0; polls < 1_000; polls += 1) {
    assert.equal(ask("1.patient"), true);
    answered("1.hammer", 50);
    moment.ms += 10;
  }
});

test("a few places that all poll as fast as they can are not refused: none has more than an eighth", () => {
  const { ask } = scene();
  const places = Array.from({ length: 2 / shareAllowed }, (_, index) => `1.${index}`);
  for (let round = 0; round < 2_000; round += 1) {
    for (const place of places) assert.equal(ask(place), true, `round ${round}`);
  }
});

test("in a crowd a place is refused after 20 polls", () => {
  const { moment, ask, answered } = scene();
  moment.isCrowded = true;
  assert.equal(answered("1.a", 50), pollsAllowedInCrowd);
  assert.equal(ask("1.b"), true);
  moment.isCrowded = false;
  assert.equal(answered("1.a", 50), pollsAllowed - 50);
});

test("the limit counts places with the same number in two concerts apart", () => {
  const { ask, answered } = scene();
  assert.equal(answered("1.a", 200), pollsAllowed);
  assert.equal(ask("1.a", toId<"concert">(randomUUID())), true);
});
