import assert from "node:assert/strict";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import { initialPolicy } from "../../catalogue/domain/policy.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { QueueCounters, QueueMeasures } from "#queue";
import { saleMonitor } from "./sale-monitor.ts";
import { noTurns } from "#test/support/queue-fixture.ts";

const concertId = toId<"concert">("0190a1b2-0000-7000-8000-00000000000a");

const queue: QueueCounters = {
  waiting: 40,
  skipped: 3,
  active: 10,
  holding: 4,
  admittedTotal: 3,
  admittedLastMinute: 2,
  firstAdmittedAtMs: 5,
  nowServing: 2,
  lastIssued: 50,
  left: 0,
  lapsed: 0,
  recovering: false,
  waitingList: false,
  turns: noTurns,
};

const measured: QueueMeasures = {
  counters: queue,
  flow: { joined: 300, admitted: 56, left: 20, lapsed: 11 },
  waitSeconds: { p50: 1, p90: 2, p99: 3 },
  turnSeconds: 25,
};

const cancellation = {
  cancelledAtMs: 5,
  tickets: 32,
  ticketsRefunded: 12,
  amountRefunded: "144000",
  refundedAtMs: null,
};

const monitor = (measures: QueueMeasures | null = measured) =>
  saleMonitor({
    queue: {
      state: async () => null,
      forecasts: () => Promise.reject(new Unavailable("Redis is away")),
      measures: async () => measures,
    },
    sale: {
      stock: async () => ({
        available: 60,
        held: 8,
        mayReturn: 8,
        sold: 32,
        total: 100,
        hasEnded: false,
      }),
      revenue: async () => "594000",
      cancellation: async () => cancellation,
    },
  });

test("the state of a draft, which the queue does not know, is SCHEDULED", async () => {
  assert.equal(await monitor().getState(concertId), "SCHEDULED");
});

test("stats have the queue's counters and the totals since it opened from one snapshot", async () => {
  const counters = { ...queue, waiting: 39, active: 11 };
  assert.deepEqual(await monitor({ ...measured, counters }).getStats(concertId), {
    waiting: 39,
    waitlisted: null,
    skipped: 3,
    active: 11,
    admittedLastMinute: 2,
    admittedTotal: 56,
    seatsAvailable: 60,
    seatsHeld: 8,
    seatsSold: 32,
    seatsTotal: 100,
    revenue: "594000",
    cancellation,
    waitSeconds: { p50: 1, p90: 2, p99: 3 },
    joinedTotal: 300,
    abandoned: { left: 20, lapsed: 11, share: 0.1033 },
  });
});

test("while the queue's store is away its counters are null", async () => {
  const { waiting, skipped, active, admittedLastMinute, admittedTotal } = await monitor({
    ...measured,
    counters: null,
  }).getStats(concertId);
  assert.deepEqual([waiting, skipped, active, admittedLastMinute], [null, null, null, null]);
  assert.equal(admittedTotal, 56);
});

test("the abandoned share is null for a queue that no user has joined", async () => {
  const flow = { joined: 0, admitted: 0, left: 0, lapsed: 0 };
  for (const measures of [null, { ...measured, flow }]) {
    const { abandoned, joinedTotal } = await monitor(measures).getStats(concertId);
    assert.deepEqual([abandoned, joinedTotal], [{ left: 0, lapsed: 0, share: null }, 0]);
  }
});

test("a forecast throws Unavailable while the queue's store is away", async () => {
  const concert = { concertId, resumedAtMs: null, rampSeconds: null };
  await assert.rejects(monitor().forecast(concert, [initialPolicy({}, 0)]), Unavailable);
});
