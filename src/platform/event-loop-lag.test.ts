import assert from "node:assert/strict";
import { createHistogram } from "node:perf_hooks";
import { test } from "node:test";
import { Registry } from "prom-client";
import { exportLag } from "./event-loop-lag.ts";

/** Delays of a timer of 100 ms, in ms, and a function that reads the figures in ms. */
const exported = () => {
  const registry = new Registry();
  const delays = createHistogram();
  exportLag(registry, delays, 100);
  const read = async (): Promise<Record<string, number>> => {
    const lines = [
      ...(await registry.metrics()).matchAll(/^nodejs_eventloop_lag_(\S+)_seconds (\S+)$/gm),
    ];
    return Object.fromEntries<number>(
      lines.map(([, name = "", seconds]) => [name, Math.round(Number(seconds) * 1e3)]),
    );
  };
  return { record: (ms: number) => delays.record(ms * 1e6), read };
};

test("the figures of the lag leave out the period of the timer", async () => {
  const { record, read } = exported();
  for (let n = 0; n < 96; n += 1) record(100);
  for (let n = 0; n < 4; n += 1) record(150);
  assert.deepEqual(await read(), { min: 0, max: 50, mean: 2, p50: 0, p90: 0, p99: 50, stddev: 10 });
});

test("a timer that is early by its rounding has no lag", async () => {
  const { record, read } = exported();
  record(99);
  assert.deepEqual(await read(), { min: 0, max: 0, mean: 0, p50: 0, p90: 0, p99: 0, stddev: 0 });
});

test("each collection has figures of its own, and all are 0 without a sample", async () => {
  const { record, read } = exported();
  const none = { min: 0, max: 0, mean: 0, p50: 0, p90: 0, p99: 0, stddev: 0 };
  assert.deepEqual(await read(), none);
  record(300);
  assert.equal((await read())["max"], 200);
  assert.deepEqual(await read(), none);
});
