import assert from "node:assert/strict";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { DrawnRank } from "../../admission/domain/draw.ts";
import type { PlaceEntry } from "../domain/place-history.ts";
import { seqAfterLobby } from "../../admission/domain/place.ts";
import type { ChartSpan, QueueSample } from "../domain/queue-sample.ts";
import type { QueueCounters } from "../../admission/ports/queue-store.ts";
import type { PeekedPlace } from "../ports/live-places.ts";
import type { TurnTimes, PlaceRecords } from "../ports/place-records.ts";
import type { Stock } from "#kernel/stock.ts";
import type { QueueSchedule } from "../../admission/ports/sales.ts";
import { readChart, readMeasures, readPlaces } from "./read-history.ts";
import { noTurns } from "#test/support/queue-fixture.ts";

const concertId = toId<"concert">("0190a1b2-0000-7000-8000-00000000000a");
const userId = toId<"user">("0190a1b2-0000-7000-8000-00000000000b");
const nowMs = 1_800_000_004_000;
const place = { epoch: 1, seq: 7 };

const schedule: QueueSchedule = {
  concertId,
  policy: {
    mode: "fifo",
    opensAtMs: nowMs - 60_000,
    admitsAtMs: null,
    maxActive: 2,
    admissionsPerMinute: 600,
    shoppersPerSeat: 2,
    sessionSeconds: 600,
    idleSeconds: 0,
    holdSeconds: 300,
    maxSeatsPerUser: 4,
    claimSeconds: 60,
  },
  pausedAtMs: null,
  resumedAtMs: null,
  rampSeconds: null,
  closedAtMs: null,
  cancelledAtMs: null,
  drawSeed: null,
};

const lottery = (admitsAtMs: number): QueueSchedule => ({
  ...schedule,
  policy: { ...schedule.policy, mode: "lottery", admitsAtMs },
});

const quiet: QueueCounters = {
  waiting: 3,
  skipped: 0,
  active: 2,
  holding: 1,
  admittedTotal: 20,
  admittedLastMinute: 2,
  firstAdmittedAtMs: nowMs,
  nowServing: 2,
  lastIssued: 50,
  left: 1,
  lapsed: 4,
  recovering: false,
  waitingList: false,
  turns: noTurns,
};

const sample = (seconds: number, changes: Partial<QueueSample> = {}): QueueSample => ({
  queueEpoch: 1,
  atMs: nowMs + seconds * 1_000,
  lastIssued: 50,
  waiting: 3,
  active: 2,
  admitted: 20,
  left: 1,
  lapsed: 4,
  stock: null,
  ...changes,
});

const setting = () => {
  const world = {
    schedule: schedule as QueueSchedule | null,
    stock: {
      available: 5,
      held: 0,
      mayReturn: 0,
      sold: 0,
      total: 5,
      hasEnded: false,
    } as Stock | null,
    records: { entries: [], ended: null } as PlaceRecords,
    found: { kind: "absent" } as PeekedPlace,
    joinedAtMs: (nowMs - 9_000) as number | null,
    drawn: null as DrawnRank | null,
    samples: [] as readonly QueueSample[],
    counters: quiet,
    turnTimes: { waitSeconds: null, turnSeconds: null } as TurnTimes,
    storeError: null as Error | null,
  };
  const asked: {
    draws: number;
    drawnAtMs: (number | null)[];
    spans: unknown[];
    numbers: number[];
  } = {
    draws: 0,
    drawnAtMs: [],
    spans: [],
    numbers: [],
  };
  const inStore = <T>(value: T): T => {
    if (world.storeError !== null) throw world.storeError;
    return value;
  };
  const deps = {
    sales: {
      find: async () => world.schedule,
      refresh: async () => {},
      running: async () => [],
      stock: async () => world.stock,
    },
    clock: { nowMs: () => nowMs },
    store: {
      getSnapshot: async () => inStore({ atMs: nowMs, epoch: 1, counters: world.counters }),
    },
    livePlaces: { peek: async () => inStore(world.found) },
    findDrawnRank: async () => {
      asked.draws += 1;
      return world.drawn;
    },
    history: {
      placesOf: async () => world.records,
      joinedAtMs: async (_: unknown, __: number, number: number) => {
        asked.numbers.push(number);
        return world.joinedAtMs;
      },
      turnTimes: async (_: unknown, drawnAtMs: number | null) => {
        asked.drawnAtMs.push(drawnAtMs);
        return world.turnTimes;
      },
    },
    samples: {
      firstAndLast: async () => world.samples,
      lastOfEachStep: async (_: unknown, span: Pick<ChartSpan, "fromMs" | "stepMs">) => {
        asked.spans.push(span);
        return world.samples;
      },
    },
  };
  const only = async () => {
    const found = await readPlaces(deps)(concertId, userId);
    assert.equal(found?.places.length, 1);
    return found.places[0] ?? assert.fail();
  };
  return { world, asked, deps, only };
};

test("an unknown concert has no places, measures or chart", async () => {
  const { world, deps } = setting();
  world.schedule = null;
  assert.equal(await readPlaces(deps)(concertId, userId), null);
  assert.equal(await readMeasures(deps)(concertId), null);
  assert.equal(await readChart(deps)({ concertId, spanMs: 60_000, stepMs: 10_000 }), null);
});

test("a user without records has no places", async () => {
  const { deps } = setting();
  const found = await readPlaces(deps)(concertId, userId);
  assert.deepEqual(found, { concertId, userId, places: [], atMs: nowMs });
});

test("the status of a live place follows the queue's state, and there are no positions before the draw", async () => {
  const { world, only } = setting();
  world.found = { kind: "waiting", place, position: 7 };
  assert.deepEqual([(await only()).status, (await only()).position], ["WAITING", 7]);
  world.schedule = lottery(nowMs + 1);
  assert.deepEqual([(await only()).status, (await only()).position], ["LOBBY", null]);
  world.found = { kind: "active", place, expiresAtMs: nowMs + 5 };
  assert.equal((await only()).status, "ACTIVE");
});

test("there are no positions while the queue recovers", async () => {
  const { world, only } = setting();
  world.found = { kind: "waiting", place, position: 7 };
  world.counters = { ...quiet, recovering: true };
  assert.deepEqual([(await only()).status, (await only()).position], ["WAITING", null]);
});

test("the journal and the live place make one history", async () => {
  const { world, only } = setting();
  const entry = (kind: PlaceEntry["kind"], atMs: number): PlaceEntry => ({
    ...place,
    kind,
    atMs,
    activeUntilMs: null,
  });
  world.records = { entries: [entry("ADMITTED", 1), entry("STEPPED_OVER", 2)], ended: null };
  world.found = { kind: "skipped", place };
  const history = await only();
  assert.equal(history.status, "AWAY");
  assert.deepEqual(
    history.events.map(({ kind }) => kind),
    ["JOINED", "ADMITTED", "STEPPED_OVER"],
  );
});

test("a waiting place has ended when the sale is over", async () => {
  const { world, only } = setting();
  const entry = { ...place, kind: "RETURNED", atMs: 5, activeUntilMs: null } as const;
  world.records = { entries: [entry], ended: null };
  world.stock = { available: 0, held: 0, mayReturn: 0, sold: 5, total: 5, hasEnded: false };
  assert.equal((await only()).endedReason, "SOLD_OUT");
});

test("while the queue's store is unreachable, the history contains what the database has", async () => {
  const { world, deps, only } = setting();
  world.records = { entries: [], ended: { ...place, reason: "PAID", atMs: 5 } };
  world.storeError = new Unavailable("Redis is unreachable");
  assert.equal((await only()).endedReason, "PAID");
  world.storeError = new Error("a bug");
  await assert.rejects(readPlaces(deps)(concertId, userId), /a bug/);
});

const drawn: DrawnRank = { drawnAtMs: nowMs - 5_000, drawValue: 99, rank: 3, entrants: 8 };
const inLobby = (n: number) => ({ epoch: 1, seq: n });
const late = { epoch: 1, seq: seqAfterLobby(20) };

test("a user of the lobby was drawn with the last place in it, not with a later place", async () => {
  const { world, deps } = setting();
  Object.assign(world, { schedule: lottery(nowMs - 5_000), drawn });
  const left = { ...inLobby(1), kind: "LEFT", atMs: 5, activeUntilMs: null } as const;
  world.records = { entries: [left], ended: { ...inLobby(2), reason: "LEFT", atMs: 6 } };
  world.found = { kind: "waiting", place: late, position: 1 };
  const found = await readPlaces(deps)(concertId, userId);
  assert.deepEqual(
    found?.places.map(({ events }) => events.map(({ kind }) => kind).join()),
    ["JOINED,LEFT", "JOINED,DRAWN,LEFT", "JOINED"],
  );
});

test("a place in a lobby has no number and no time of joining; a place behind it has both", async () => {
  const { world, asked, only } = setting();
  world.schedule = lottery(nowMs - 5_000);
  world.found = { kind: "waiting", place: inLobby(1), position: 1 };
  assert.deepEqual((await only()).events, [{ kind: "JOINED", atMs: null, before: null }]);
  world.found = { kind: "waiting", place: late, position: 1 };
  assert.deepEqual((await only()).events, [{ kind: "JOINED", atMs: world.joinedAtMs, before: 19 }]);
  assert.deepEqual(asked.numbers, [20]);
});

test("a fifo queue is not asked for a draw", async () => {
  const { world, asked, only } = setting();
  world.found = { kind: "waiting", place, position: 1 };
  await only();
  assert.equal(asked.draws, 0);
});

test("totals include all epochs, and the present counters when the store is reachable", async () => {
  const { world, deps } = setting();
  world.samples = [sample(-50, { lastIssued: 30, admitted: 5, left: 0, lapsed: 0 }), sample(-1)];
  world.counters = { ...quiet, lastIssued: 60, admittedTotal: 25 };
  assert.deepEqual((await readMeasures(deps)(concertId))?.counters, world.counters);
  assert.deepEqual((await readMeasures(deps)(concertId))?.flow, {
    joined: 60,
    admitted: 25,
    left: 1,
    lapsed: 4,
  });
  world.storeError = new Unavailable("Redis is unreachable");
  const known = await readMeasures(deps)(concertId);
  assert.deepEqual([known?.flow.joined, known?.counters], [50, null]);
});

test("a snapshot older than another instance's sample counts no user twice", async () => {
  const { world, deps } = setting();
  world.samples = [sample(3, { lastIssued: 90, admitted: 40 })];
  const flow = (await readMeasures(deps)(concertId))?.flow;
  assert.deepEqual([flow?.joined, flow?.admitted], [90, 40]);
});

test("the wait of a user of the lobby starts at the draw", async () => {
  const { world, asked, deps } = setting();
  world.turnTimes = { waitSeconds: { p50: 1, p90: 2, p99: 3 }, turnSeconds: 4 };
  const measures = await readMeasures(deps)(concertId);
  assert.deepEqual(
    [measures?.waitSeconds, measures?.turnSeconds],
    [world.turnTimes.waitSeconds, 4],
  );
  world.schedule = lottery(nowMs - 5_000);
  await readMeasures(deps)(concertId);
  assert.deepEqual(asked.drawnAtMs, [null, nowMs - 5_000]);
});

test("a chart covers at least the requested span, in whole steps of the clock", async () => {
  const { world, asked, deps } = setting();
  world.samples = [sample(-100)];
  const chart = await readChart(deps)({ concertId, spanMs: 25_000, stepMs: 10_000 });
  const untilMs = nowMs + 6_000;
  assert.deepEqual(asked.spans, [{ fromMs: untilMs - 30_000, untilMs, stepMs: 10_000 }]);
  assert.deepEqual(
    chart?.points.map(({ atMs }) => untilMs - atMs),
    [20_000, 10_000, 0],
  );
  assert.deepEqual([chart?.stepMs, chart?.atMs], [10_000, nowMs]);
});
