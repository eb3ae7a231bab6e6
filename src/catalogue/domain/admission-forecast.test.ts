import assert from "node:assert/strict";
import { test } from "node:test";
import {
  forecastAdmission,
  type ForecastPolicy,
  type ForecastInput,
} from "./admission-forecast.ts";

const input: ForecastInput = {
  waiting: 6_000,
  active: 0,
  seatsAvailable: 1_000_000,
  turnSeconds: 60,
  seatsPerTurn: null,
};
/** Admits ten users a second with room for all: 10/s times 60 s are 600 ACTIVE at once. */
const policy: ForecastPolicy = {
  admissionsPerMinute: 600,
  maxActive: 1_000_000,
  shoppersPerSeat: 1_000,
};

const near = (actual: number | null, expected: number, share = 0.02): void => {
  assert.ok(actual !== null, "null");
  assert.ok(Math.abs(actual - expected) <= expected * share, `${actual} is not near ${expected}`);
};

test("with cap and stock out of reach the last wait is the queue divided by the rate", () => {
  const forecast = forecastAdmission(input, policy);
  near(forecast.lastWaitSeconds, 600);
  assert.equal(forecast.endsAfterSeconds, forecast.lastWaitSeconds);
  assert.deepEqual(
    [forecast.ends, forecast.limitedBy, forecast.turns],
    ["LINE_EMPTY", "RATE", 6_000],
  );
  near(forecast.admissionsPerMinute, 600);
});

test("twice the rate halves the wait until the cap limits it", () => {
  near(forecastAdmission(input, { ...policy, admissionsPerMinute: 1_200 }).lastWaitSeconds, 300);
  const capped = { ...policy, maxActive: 300 };
  const full = { ...input, active: 300 };
  const forecast = forecastAdmission(full, capped);
  near(forecast.lastWaitSeconds, 1_200, 0.03);
  assert.equal(forecast.limitedBy, "CAP");
  const faster = forecastAdmission(full, { ...capped, admissionsPerMinute: 60_000 });
  near(faster.lastWaitSeconds, 1_200, 0.03);
});

test("free slots are filled at the rate before the cap limits admission", () => {
  const capped = { ...policy, maxActive: 300 };
  const empty = forecastAdmission({ ...input, waiting: 150 }, capped);
  near(empty.lastWaitSeconds, 15, 0.07);
  assert.equal(empty.limitedBy, "RATE");
});

test("a cap below the number of ACTIVE users stops admission until enough of them have left", () => {
  const forecast = forecastAdmission(
    { ...input, waiting: 1, active: 200 },
    { ...policy, maxActive: 100 },
  );
  near(forecast.lastWaitSeconds, 60 * Math.log(2) + 1, 0.05);
  assert.equal(forecast.limitedBy, "CAP");
});

test("with few seats left the stock limits admission, and the forecast ends SOLD_OUT", () => {
  const few = { ...input, seatsAvailable: 100, seatsPerTurn: 0.5 };
  const forecast = forecastAdmission(few, { ...policy, shoppersPerSeat: 1 });
  assert.deepEqual(
    [forecast.ends, forecast.turns, forecast.lastWaitSeconds],
    ["SOLD_OUT", 200, null],
  );
  assert.equal(forecast.limitedBy, "STOCK");
  assert.ok((forecast.endsAfterSeconds ?? 0) > 20, "ten a second would take 20 s");
});

test("the forecast is LINE_EMPTY with exactly enough seats and SOLD_OUT with one more user", () => {
  const sells = { ...input, seatsAvailable: 50, seatsPerTurn: 2 };
  assert.equal(forecastAdmission({ ...sells, waiting: 25 }, policy).ends, "LINE_EMPTY");
  const forecast = forecastAdmission({ ...sells, waiting: 26 }, policy);
  assert.deepEqual(
    [forecast.ends, forecast.turns, forecast.lastWaitSeconds],
    ["SOLD_OUT", 25, null],
  );
});

test("without seats per turn the seats never run out", () => {
  for (const seatsPerTurn of [null, 0]) {
    const forecast = forecastAdmission({ ...input, seatsAvailable: 1, seatsPerTurn }, policy);
    assert.deepEqual([forecast.ends, forecast.turns], ["LINE_EMPTY", 6_000]);
  }
});

test("an empty queue ends at once under any policy and stock", () => {
  for (const seatsAvailable of [0, 5]) {
    const forecast = forecastAdmission({ ...input, waiting: 0, seatsAvailable }, policy);
    assert.deepEqual(forecast, {
      ends: "LINE_EMPTY",
      endsAfterSeconds: 0,
      lastWaitSeconds: 0,
      turns: 0,
      admissionsPerMinute: 0,
      limitedBy: null,
    });
  }
});

test("without an available seat the forecast is NEVER", () => {
  const forecast = forecastAdmission({ ...input, seatsAvailable: 0 }, policy);
  assert.deepEqual([forecast.ends, forecast.endsAfterSeconds, forecast.turns], ["NEVER", null, 0]);
  assert.equal(forecast.limitedBy, "STOCK");
});

test("a higher rate or cap never makes the wait longer", () => {
  for (const seatsPerTurn of [null, 0.01])
    for (const maxActive of [1, 10, 1_000])
      for (const admissionsPerMinute of [1, 60, 6_000]) {
        const queue = { ...input, active: 5, seatsPerTurn, seatsAvailable: 500 };
        const now = forecastAdmission(queue, { ...policy, maxActive, admissionsPerMinute });
        const after = [
          { ...policy, maxActive: maxActive * 2, admissionsPerMinute },
          { ...policy, maxActive, admissionsPerMinute: admissionsPerMinute * 2 },
        ].map((changed) => forecastAdmission(queue, changed));
        for (const { endsAfterSeconds } of after)
          assert.ok((endsAfterSeconds ?? 0) <= (now.endsAfterSeconds ?? 0) + 1);
      }
});
