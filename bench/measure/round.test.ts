import assert from "node:assert/strict";
import { test } from "node:test";
import type { JobResult } from "../load/job.ts";
import { alternate, figureOf, roundOf, type Round } from "./round.ts";

const result = (change: Partial<JobResult> = {}): JobResult => ({
  answered: 1_000,
  measuredMs: 500,
  statuses: { 200: 1_000 },
  next: 1_000,
  failures: [],
  failureCount: 0,
  latency: [[100, 1_000]],
  used: [
    { name: "server", totalMs: 600, mainThreadMs: 490 },
    { name: "redis", totalMs: 100, mainThreadMs: 100 },
  ],
  idleMs: 0,
  stolenMs: 0,
  ...change,
});

test("a round counts expected answers only, and CPU time for each of them", () => {
  const round = roundOf(result(), [200], "a poll");
  assert.equal(round.perSecond, 2_000);
  assert.deepEqual(round.cpuUs, { server: 600, redis: 100 });
  assert.equal(round.serverBusy, 0.98);
});

test("answers of another kind and broken connections make a round void", () => {
  assert.throws(() => roundOf(result({ statuses: { 200: 990, 429: 10 } }), [200], "a poll"), /429/);
  assert.throws(() => roundOf(result({ failureCount: 2 }), [200], "a poll"), /expected 200/);
  assert.throws(() => roundOf(result({ answered: 0, statuses: {} }), [200], "a poll"), /a poll/);
});

const round = (perSecond: number): Round => ({
  perSecond,
  cpuUs: { server: perSecond },
  serverBusy: null,
  idle: 0.1,
  latency: null,
  memoryBytes: { server: perSecond * 10 },
});

test("a figure is the median of its rounds", () => {
  const figure = figureOf("ours", [round(10), round(30), round(20)]);
  assert.equal(figure.perSecond.median, 20);
  assert.equal(figure.cpuUs["server"], 20);
  assert.equal(figure.serverBusy, null);
  assert.equal(figure.idle, 0.1);
  assert.deepEqual(figure.memoryBytes, { server: 300 }, "the most of any round");
});

test("sides take turns, and who begins changes with each round", async () => {
  const order: string[] = [];
  const side = (name: string) => () => {
    order.push(name);
    return Promise.resolve(round(1));
  };
  const found = await alternate(3, side("floor"), side("subject"));
  assert.deepEqual(order, ["floor", "subject", "subject", "floor", "floor", "subject"]);
  assert.deepEqual([found.floor.length, found.subject.length], [3, 3]);
});
