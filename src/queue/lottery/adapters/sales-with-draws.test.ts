import assert from "node:assert/strict";
import { test } from "node:test";
import { Unavailable } from "#kernel/unavailable.ts";
import type { DrawRecord } from "../../admission/domain/draw.ts";
import { newConcert } from "../../contracts/queue-store.contract.ts";
import type { QueueSchedule } from "../../admission/ports/sales.ts";
import { salesWithDraws } from "./sales-with-draws.ts";

const concertId = newConcert();
const record: DrawRecord = { drawnAtMs: 5, entrants: 1, entrantsDigest: "ab" };
const scheduleOf = (mode: "fifo" | "lottery") =>
  ({ concertId, policy: { mode }, drawSeed: null }) as unknown as QueueSchedule;

const scene = (mode: "fifo" | "lottery") => {
  const world = {
    schedule: scheduleOf(mode) as QueueSchedule | null,
    answer: async (): Promise<DrawRecord | null> => null,
    reads: 0,
  };
  const sales = salesWithDraws({
    sales: {
      find: async () => world.schedule,
      refresh: async () => {},
      running: async () => (world.schedule === null ? [] : [world.schedule]),
      stock: async () => null,
    },
    find: () => {
      world.reads += 1;
      return world.answer();
    },
  });
  return { world, sales };
};

test("a lottery has its draw once the draw is saved, and the draw is read no more", async () => {
  const { world, sales } = scene("lottery");
  assert.equal((await sales.find(concertId))?.draw, null);
  world.answer = async () => record;
  assert.deepEqual((await sales.find(concertId))?.draw, record);
  world.answer = async () => assert.fail("the draw is read again");
  assert.deepEqual((await sales.running())[0]?.draw, record);
  assert.equal(world.reads, 2);
});

test("no draw is read for a fifo queue", async () => {
  const { world, sales } = scene("fifo");
  assert.deepEqual(await sales.find(concertId), world.schedule);
  assert.deepEqual(await sales.running(), [world.schedule]);
  assert.equal(world.reads, 0);
  world.schedule = null;
  assert.equal(await sales.find(concertId), null);
  assert.equal(await sales.stock(concertId), null);
});

test("an unknown draw is null while the database is away, and a bug is thrown", async () => {
  const { world, sales } = scene("lottery");
  world.answer = () => Promise.reject(new Unavailable("away"));
  assert.equal((await sales.find(concertId))?.draw, null);
  world.answer = () => Promise.reject(new TypeError("a bug"));
  await assert.rejects(async () => sales.find(concertId), TypeError);
});
