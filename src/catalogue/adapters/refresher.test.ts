import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLog } from "#platform/log.ts";
import { refresher } from "./refresher.ts";

const recordingLog = () => {
  const lines: string[] = [];
  const line = (level: string) => (_: object, message: string) =>
    void lines.push(`${level}: ${message}`);
  return { log: { ...silentLog, warn: line("warn"), info: line("info") }, lines };
};

test("it refreshes at once, again after each pause, and no more once closed", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let count = 0;
  const refresh = async () => void (count += 1);
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  const it = refresher(refresh, 400, silentLog);
  assert.equal(count, 0);
  it.start();
  it.start();
  assert.equal(count, 1);
  await settled();
  t.mock.timers.tick(399);
  assert.equal(count, 1);
  t.mock.timers.tick(1);
  assert.equal(count, 2);
  await settled();
  await it.close();
  t.mock.timers.tick(10_000);
  assert.equal(count, 2);
});

test("closing waits for the refresh in flight and starts no other", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const gate = Promise.withResolvers<void>();
  let count = 0;
  const it = refresher(() => ((count += 1), gate.promise), 400, silentLog);
  it.start();
  let isClosed = false;
  const closing = it.close().then(() => (isClosed = true));
  await Promise.resolve();
  assert.equal(isClosed, false);
  gate.resolve();
  await closing;
  t.mock.timers.tick(10_000);
  assert.equal(count, 1);
});

test("failures are logged when they begin and when they end, and stop nothing", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { log, lines } = recordingLog();
  const outcomes = [false, true, true, false, false];
  const refresh = async () => {
    if (outcomes.shift()) throw new Error("away");
  };
  const it = refresher(refresh, 400, log);
  it.start();
  for (let turn = 0; turn < 5; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    t.mock.timers.tick(400);
  }
  await it.close();
  assert.deepEqual(lines, [
    "warn: the concerts' settings cannot be read; the last known are used",
    "info: the concerts' settings are read again",
  ]);
});
