import assert from "node:assert/strict";
import { test } from "node:test";
import {
  forecastAdmission,
  type ForecastPolicy,
  type ForecastInput,
} from "./admission-forecast.ts";

const present: ForecastInput = {
  waiting: 6_000,
  active: 0,
  seatsAvailable: 1_000_000,
  turnSeconds: 60,
  seatsPerTurn: null,
};
/** Ten a second, and room for all of them: 10 · 60 s are 600 at once. */
const policy: ForecastPolicy = {
  admissionsPerMinute: 600,
  maxActive: 1_000_000,
  shoppersPerSeat: 1_000,
};

const near = (actual: number | null, expected: number, share = 0.02): void => {
  assert.ok(actual !== null, "null");
  assert.ok(Math.abs(actual - expected) <= expected * share, `${actual} is not near ${expected}`);
};

test("where nothing else holds it back, the last one waits as long as the rate takes", () => {
  const seen = forecastAdmission(present, policy);
  near(seen.lastWaitSeconds, 600);
  assert.equal(seen.endsAfterSeconds, seen.lastWaitSeconds);
  assert.deepEqual([seen.ends, seen.limitedBy, seen.turns], ["LINE_EMPTY", "RATE", 6_000]);
  near(seen.admissionsPerMinute, 600);
});

test("twice the rate halves the wait, until the cap holds it back", () => {
  near(forecastAdmission(present, { ...policy, admissionsPerMinute: 1_200 }).lastWaitSeconds, 300);
  const capped = { ...policy, maxActive: 300 };
  const full = { ...present, active: 300 };
  const seen = forecastAdmission(full, capped);
  near(seen.lastWaitSeconds, 1_200, 0.03);
  assert.equal(seen.limitedBy, "CAP");
  const faster = forecastAdmission(full, { ...capped, admissionsPerMinute: 60_000 });
  near(faster.lastWaitSeconds, 1_200, 0.03);
});

test("free slots are filled at the rate before the cap holds it back", () => {
  const capped = { ...policy, maxActive: 300 };
  const empty = forecastAdmission({ ...present, waiting: 150 }, capped);
  near(empty.lastWaitSeconds, 15, 0.07);
  assert.equal(empty.limitedBy, "RATE");
});

test("under a cap below who is ACTIVE, nobody is admitted until it is met", () => {
  const seen = forecastAdmission(
    { ...present, waiting: 1, active: 200 },
    { ...policy, maxActive: 100 },
  );
  near(seen.lastWaitSeconds, 60 * Math.log(2) + 1, 0.05);
  assert.equal(seen.limitedBy, "CAP");
});

test("with few seats left the stock holds it back, and tells when nothing will be left", () => {
  const few = { ...present, seatsAvailable: 100, seatsPerTurn: 0.5 };
  const seen = forecastAdmission(few, { ...policy, shoppersPerSeat: 1 });
  assert.deepEqual([seen.ends, seen.turns, seen.lastWaitSeconds], ["SOLD_OUT", 200, null]);
  assert.equal(seen.limitedBy, "STOCK");
  assert.ok((seen.endsAfterSeconds ?? 0) > 20, "ten a second would take 20 s");
});

test("who needs no more seats than there are gets his turn; one more in the queue does not", () => {
  const sells = { ...present, seatsAvailable: 50, seatsPerTurn: 2 };
  assert.equal(forecastAdmission({ ...sells, waiting: 25 }, policy).ends, "LINE_EMPTY");
  const seen = forecastAdmission({ ...sells, waiting: 26 }, policy);
  assert.deepEqual([seen.ends, seen.turns, seen.lastWaitSeconds], ["SOLD_OUT", 25, null]);
});

test("where nobody buys, no seat is counted off", () => {
  for (const seatsPerTurn of [null, 0]) {
    const seen = forecastAdmission({ ...present, seatsAvailable: 1, seatsPerTurn }, policy);
    assert.deepEqual([seen.ends, seen.turns], ["LINE_EMPTY", 6_000]);
  }
});

test("an empty line has ended, whatever else", () => {
  for (const seatsAvailable of [0, 5]) {
    const seen = forecastAdmission({ ...present, waiting: 0, seatsAvailable }, policy);
    assert.deepEqual(seen, {
      ends: "LINE_EMPTY",
      endsAfterSeconds: 0,
      lastWaitSeconds: 0,
      turns: 0,
      admissionsPerMinute: 0,
      limitedBy: null,
    });
  }
});

test("with no seat free nobody can say when it goes on", () => {
  const seen = forecastAdmission({ ...present, seatsAvailable: 0 }, policy);
  assert.deepEqual([seen.ends, seen.endsAfterSeconds, seen.turns], ["NEVER", null, 0]);
  assert.equal(seen.limitedBy, "STOCK");
});

test("a higher rate or cap never makes the wait longer", () => {
  for (const seatsPerTurn of [null, 0.01])
    for (const maxActive of [1, 10, 1_000])
      for (const admissionsPerMinute of [1, 60, 6_000]) {
        const queue = { ...present, active: 5, seatsPerTurn, seatsAvailable: 500 };
        const now = forecastAdmission(queue, { ...policy, maxActive, admissionsPerMinute });
        const after = [
          { ...policy, maxActive: maxActive * 2, admissionsPerMinute },
          { ...policy, maxActive, admissionsPerMinute: admissionsPerMinute * 2 },
        ].map((changed) => forecastAdmission(queue, changed));
        for (const { endsAfterSeconds } of after)
          assert.ok((endsAfterSeconds ?? 0) <= (now.endsAfterSeconds ?? 0) + 1);
      }
});
