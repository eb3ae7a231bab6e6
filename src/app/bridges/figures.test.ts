import assert from "node:assert/strict";
import { test } from "node:test";
import type { Concert } from "#catalogue";
import { toId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/trouble.ts";
import type { QueueCounters, QueueMeasures } from "#queue";
import { readFigures, readPace } from "./figures.ts";

const concertId = toId<"concert">("0190a1b2-0000-7000-8000-00000000000a");

const queue: QueueCounters = {
  waiting: 40,
  aside: 3,
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
};

const measured: QueueMeasures = {
  flow: { joined: 300, admitted: 56, left: 20, lapsed: 11 },
  waitSeconds: { p50: 1, p90: 2, p99: 3 },
  turnSeconds: 25,
};

const setting = (measures: QueueMeasures | null = measured, trouble: Error | null = null) => ({
  queue: {
    figures: async () => (trouble === null ? queue : Promise.reject(trouble)),
    measures: async () => measures,
  },
  sale: {
    stock: async () => ({ available: 60, held: 8, sold: 32, total: 100 }),
    revenue: async () => "594000",
  },
  catalogue: {
    find: async () => ({ policy: { admissionsPerMinute: 600 } }) as unknown as Concert,
  },
});

test("a sale's figures are those of the queue now, and of everything since it opened", async () => {
  assert.deepEqual(await readFigures(setting())(concertId), {
    waiting: 40,
    aside: 3,
    active: 10,
    admissionsPerMinute: 600,
    admittedLastMinute: 2,
    admittedTotal: 56,
    seatsAvailable: 60,
    seatsHeld: 8,
    seatsSold: 32,
    seatsTotal: 100,
    revenue: "594000",
    waitSeconds: { p50: 1, p90: 2, p99: 3 },
    joinedTotal: 300,
    abandoned: { left: 20, lapsed: 11, share: 0.1033 },
  });
});

test("where the queue's store is away, what it alone knows is null; a bug is no absence", async () => {
  const away = setting(measured, new Unavailable("Redis is away"));
  const { waiting, aside, active, admittedLastMinute, admittedTotal } =
    await readFigures(away)(concertId);
  assert.deepEqual([waiting, aside, active, admittedLastMinute], [null, null, null, null]);
  assert.equal(admittedTotal, 56);
  await assert.rejects(readFigures(setting(measured, new Error("a bug")))(concertId), /a bug/);
});

test("of a queue that nobody has joined nothing was abandoned", async () => {
  const flow = { joined: 0, admitted: 0, left: 0, lapsed: 0 };
  for (const measures of [null, { ...measured, flow }]) {
    const { abandoned, joinedTotal } = await readFigures(setting(measures))(concertId);
    assert.deepEqual([abandoned, joinedTotal], [{ left: 0, lapsed: 0, share: null }, 0]);
  }
});

test("seats are counted a turn that has decided: 40 seats of 50 turns", async () => {
  assert.deepEqual(await readPace(setting())(concertId), {
    waiting: 40,
    active: 10,
    seatsAvailable: 60,
    turnSeconds: 25,
    seatsPerTurn: 0.8,
  });
});

test("before the first turn has decided, nothing is known of turns", async () => {
  const flow = { joined: 300, admitted: 6, left: 0, lapsed: 0 };
  assert.equal((await readPace(setting({ ...measured, flow }))(concertId)).seatsPerTurn, null);
  const { seatsPerTurn, turnSeconds } = await readPace(setting(null))(concertId);
  assert.deepEqual([seatsPerTurn, turnSeconds], [null, null]);
});

test("without the queue's store there is no pace", async () => {
  const away = setting(measured, new Unavailable("Redis is away"));
  await assert.rejects(readPace(away)(concertId), Unavailable);
});
