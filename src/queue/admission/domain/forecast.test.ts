import assert from "node:assert/strict";
import { test } from "node:test";
import { estimateWait, seatsLikely, seatsLikelyOnList } from "./estimate.ts";
import { forecastAdmission, type ForecastInput } from "./forecast.ts";

/** A queue of 6,000 in which no user has been admitted yet: ten a second, and room and seats for all. */
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
  admittedTotal: 0,
  admittingSeconds: 0,
  turns: {
    ...{ ended: 0, paid: 0, buyers: 0, leftWaiting: 0 },
    ...{ activeMs: 0, holdingMs: 0, waitingMs: 0 },
  },
  sold: 0,
  seatsAvailable: 1_000_000,
};

/** An hour of admission in which `ended` users stayed for a minute each, and none bought. */
const afterAnHour = (ended: number): Partial<ForecastInput> => ({
  admittedTotal: ended,
  admittingSeconds: 3_600,
  turns: { ...input.turns, ended, activeMs: ended * 60_000 },
});

const waitAt = (changes: Partial<ForecastInput>, position: number) =>
  estimateWait(forecastAdmission({ ...input, ...changes }), position);

const near = (actual: number | undefined, expected: number, share = 0.03): void => {
  assert.ok(actual !== undefined, "no estimate");
  assert.ok(Math.abs(actual - expected) <= expected * share, `${actual} is not near ${expected}`);
};

test("while the rate sets the pace, the wait is the position divided by it, for p50 and p90", () => {
  for (const position of [1, 30, 600, 6_000]) {
    const seconds = Math.max(1, position / 10);
    assert.deepEqual(waitAt({}, position), { p50Seconds: seconds, p90Seconds: seconds });
  }
});

test("in a sale's first minute the wait follows the cap, not the first burst", () => {
  // Ten users were admitted in the first second, and the next one follows when one of them goes.
  const policy = { ...input.policy, maxActive: 10 };
  const burst = { active: 10, admittedTotal: 10, admittingSeconds: 1, waiting: 150 };
  const wait = waitAt({ policy, ...burst }, 150);
  assert.ok(wait && wait.p50Seconds > 1_800, `p50 ${wait?.p50Seconds} s`);
  assert.ok(wait.p90Seconds > 5_400, `p90 ${wait.p90Seconds} s`);
});

test("the fifth user behind the only buyer waits for five turns", () => {
  const policy = { ...input.policy, maxActive: 1 };
  const measured = { ...afterAnHour(60), policy, active: 1, waiting: 5 };
  near(waitAt(measured, 5)?.p50Seconds, 5 * 60, 0.1);
  assert.ok((waitAt(measured, 5)?.p90Seconds ?? 0) > 8 * 60);
  assert.ok((waitAt({ policy, active: 1, waiting: 5 }, 5)?.p50Seconds ?? 0) > 600, "unmeasured");
});

test("at the cap the measured turns set the pace", () => {
  const policy = { ...input.policy, maxActive: 100 };
  const full = { ...afterAnHour(6_000), policy, active: 100 };
  near(waitAt(full, 1_000)?.p50Seconds, 600, 0.05);
  const wait = waitAt(full, 1_000);
  assert.ok(wait && wait.p90Seconds < 1.4 * wait.p50Seconds, "after many turns p90 is near p50");
  near(waitAt({ ...full, active: 200 }, 1)?.p50Seconds, 60 * Math.log(2), 0.1);
});

test("before a turn has ended, a session of a day does not make a wait of a day", () => {
  const policy = { ...input.policy, maxActive: 10, sessionSeconds: 86_400 };
  const wait = waitAt({ policy, active: 10, waiting: 10 }, 10);
  assert.ok(wait && wait.p50Seconds < 3_600, `${wait?.p50Seconds} s`);
});

test("a higher rate or cap never makes a wait longer", () => {
  for (const maxActive of [1, 10, 1_000])
    for (const admissionsPerMinute of [1, 60, 6_000])
      for (const position of [1, 50, 5_000]) {
        const wait = (changes: object): number =>
          waitAt(
            {
              ...afterAnHour(500),
              active: 5,
              policy: { ...input.policy, maxActive, admissionsPerMinute, ...changes },
            },
            position,
          )?.p50Seconds ?? 0;
        const now = wait({});
        assert.ok(wait({ maxActive: maxActive * 2 }) <= now * 1.02 + 1, "cap");
        assert.ok(wait({ admissionsPerMinute: admissionsPerMinute * 2 }) <= now * 1.02 + 1, "rate");
      }
});

test("a rate that grows after a pause is the middle of its growth", () => {
  near(waitAt({ ramp: { share: 0, secondsLeft: 120 } }, 600)?.p50Seconds, 120);
  near(waitAt({ ramp: { share: 0.5, secondsLeft: 60 } }, 450)?.p50Seconds, 60);
});

test("users who leave while waiting, and users who are absent, shorten the waits behind them", () => {
  const thousandth = { ...input.turns, leftWaiting: 1_000, waitingMs: 1_000_000_000 };
  const alone = 6_000 / 10;
  const left = waitAt({ turns: thousandth }, 6_000)?.p50Seconds ?? 0;
  assert.ok(left < alone * 0.85 && left > alone * 0.7, `${left} s`);
  near(waitAt({ admittedTotal: 9_000, skipped: 1_000 }, 6_000)?.p50Seconds, alone * 0.9);
});

test("with 472 users ahead and 10 seats left a seat is unlikely, and no wait is told", () => {
  const scarce = { ...afterAnHour(500), seatsAvailable: 10, sold: 400, waiting: 473 };
  const buying = { ...scarce, turns: { ...input.turns, ended: 500, paid: 250, buyers: 250 } };
  const forecast = forecastAdmission({ ...input, ...buying });
  assert.equal(seatsLikely(forecast, 473), "unlikely");
  assert.equal(estimateWait(forecast, 473), null);
  assert.equal(seatsLikely(forecast, 1), "likely");
  assert.ok(estimateWait(forecast, 1));
});

test("before any user has bought, few seats and many users ahead are unlikely too", () => {
  const forecast = forecastAdmission({ ...input, seatsAvailable: 10, waiting: 473 });
  assert.equal(seatsLikely(forecast, 473), "unlikely");
  assert.equal(seatsLikely(forecast, 2), "likely");
});

test("without a free seat none is left, whatever the position", () => {
  const forecast = forecastAdmission({ ...input, seatsAvailable: 0 });
  assert.equal(seatsLikely(forecast, 1), "none-left");
  assert.equal(estimateWait(forecast, 1), null);
});

test("a long queue with seats for all is likely, however long it takes", () => {
  const policy = { ...input.policy, admissionsPerMinute: 1 };
  const forecast = forecastAdmission({ ...input, policy, waiting: 1_000_000 });
  assert.equal(seatsLikely(forecast, 1_000_000), "likely");
});

test("after the queue's store was lost, sales before the loss do not make a buyer of every user", () => {
  const lost = { sold: 400, seatsAvailable: 200, waiting: 100 };
  const turns = { ...input.turns, ended: 4, paid: 2, buyers: 202, activeMs: 240_000 };
  const forecast = forecastAdmission({ ...input, ...lost, turns });
  assert.equal(seatsLikely(forecast, 100), "likely");
  assert.ok(forecast.measured.seatsPerTurn < 1.5);
});

test("a forecast takes a bounded number of steps for any queue", () => {
  for (const admissionsPerMinute of [1, 1_000_000])
    for (const waiting of [0, 1, 1_000_000]) {
      const policy = { ...input.policy, admissionsPerMinute, maxActive: 1_000_000 };
      const { points } = forecastAdmission({ ...input, policy, waiting });
      assert.ok(points.length < 1_000, `${points.length} points`);
    }
});

test("on a waiting list a seat is likely for as many users as seats are free", () => {
  const likely = [0, 2].map((seatsFree) => [1, 2, 3].map((n) => seatsLikelyOnList(seatsFree, n)));
  assert.deepEqual(likely, [
    ["none-left", "none-left", "none-left"],
    ["likely", "likely", "unlikely"],
  ]);
});
