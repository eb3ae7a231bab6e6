import assert from "node:assert/strict";
import { test } from "node:test";
import { forecastAdmission, type ForecastInput } from "./forecast.ts";
import { summarize } from "./forecast-summary.ts";

/** A queue in which an hour of turns of a minute each has been measured, and half of the users bought one seat. */
const input: ForecastInput = {
  policy: {
    admissionsPerMinute: 600,
    maxActive: 1_000_000,
    shoppersPerSeat: 1_000,
    sessionSeconds: 600,
    holdSeconds: 300,
    maxSeatsPerUser: 4,
  },
  ramp: { share: 1, secondsLeft: 0 },
  waiting: 6_000,
  active: 0,
  holding: 0,
  skipped: 0,
  admittedTotal: 10_000,
  admittingSeconds: 3_600,
  turns: {
    ...{ ended: 10_000, paid: 5_000, buyers: 5_000, leftWaiting: 0 },
    ...{ activeMs: 600_000_000, holdingMs: 0, waitingMs: 0 },
  },
  sold: 5_000,
  seatsAvailable: 1_000_000,
};

const summaryOf = (
  changes: Partial<ForecastInput>,
  policy: Partial<ForecastInput["policy"]> = {},
) => summarize(forecastAdmission({ ...input, ...changes, policy: { ...input.policy, ...policy } }));

const near = (actual: number | null, expected: number, share = 0.03): void => {
  assert.ok(actual !== null, "null");
  assert.ok(Math.abs(actual - expected) <= expected * share, `${actual} is not near ${expected}`);
};

test("with cap and stock out of reach the last wait is the queue divided by the rate", () => {
  assert.deepEqual(summaryOf({}), {
    ends: "LINE_EMPTY",
    endsAfterSeconds: 600,
    lastWaitSeconds: 600,
    lastWaitP90Seconds: 600,
    turns: 6_000,
    admissionsPerMinute: 600,
    limitedBy: "RATE",
  });
});

test("twice the rate halves the wait until the cap limits it", () => {
  near(summaryOf({}, { admissionsPerMinute: 1_200 }).lastWaitSeconds, 300);
  const full = { active: 300 };
  const capped = summaryOf(full, { maxActive: 300 });
  near(capped.lastWaitSeconds, 1_200, 0.05);
  assert.ok((capped.lastWaitP90Seconds ?? 0) > (capped.lastWaitSeconds ?? 0));
  assert.equal(capped.limitedBy, "CAP");
  const faster = summaryOf(full, { maxActive: 300, admissionsPerMinute: 60_000 });
  near(faster.lastWaitSeconds, 1_200, 0.05);
});

test("free slots are filled at the rate before the cap limits admission", () => {
  const empty = summaryOf({ waiting: 150 }, { maxActive: 300 });
  near(empty.lastWaitSeconds, 15);
  assert.equal(empty.limitedBy, "RATE");
});

test("a cap below the number of ACTIVE users stops admission until enough of them have left", () => {
  const above = summaryOf({ waiting: 1, active: 200 }, { maxActive: 100 });
  near(above.lastWaitSeconds, 60 * Math.log(2), 0.1);
  assert.equal(above.limitedBy, "CAP");
});

test("with few seats left the forecast ends SOLD_OUT, and the last user gets no turn", () => {
  const few = summaryOf({ seatsAvailable: 100 }, { shoppersPerSeat: 1 });
  assert.deepEqual(
    [few.ends, few.lastWaitSeconds, few.lastWaitP90Seconds, few.limitedBy],
    ["SOLD_OUT", null, null, "STOCK"],
  );
  near(few.turns, 200, 0.02);
  assert.ok((few.endsAfterSeconds ?? 0) > 20, "ten a second would take 20 s");
});

test("an empty queue ends at once under any policy and stock", () => {
  for (const seatsAvailable of [0, 5]) {
    assert.deepEqual(summaryOf({ waiting: 0, seatsAvailable }), {
      ends: "LINE_EMPTY",
      endsAfterSeconds: 0,
      lastWaitSeconds: 0,
      lastWaitP90Seconds: 0,
      turns: 0,
      admissionsPerMinute: 0,
      limitedBy: null,
    });
  }
});

test("without an available seat the forecast is NEVER", () => {
  const none = summaryOf({ seatsAvailable: 0 });
  assert.deepEqual([none.ends, none.endsAfterSeconds, none.turns], ["NEVER", null, 0]);
  assert.equal(none.limitedBy, "STOCK");
});
