import assert from "node:assert/strict";
import { test } from "node:test";
import { Unavailable } from "#kernel/unavailable.ts";
import { createLog, silentLog, type Log } from "#platform/log.ts";
import { storeChecks } from "./store-checks.ts";

type Ask = () => Promise<never[]>;

const checksWith = (
  ask: Ask,
  redis: { ready(): boolean } | null = { ready: () => true },
  log: Log = silentLog,
) => {
  const clock = { ms: 0 };
  const database = { query: ask as never };
  return { clock, checks: storeChecks({ database, redis, monotonicMs: () => clock.ms, log }) };
};

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

test("a database that refuses is away, and one that answers is ok", async () => {
  for (const [ask, state] of [
    [() => Promise.reject(new Unavailable("away")), "away"],
    [() => Promise.resolve([]), "ok"],
  ] as const) {
    const { checks } = checksWith(ask);
    checks.start();
    await turn();
    assert.equal(checks.read().postgres, state);
    await checks.close();
  }
});

test("a database that has not answered for half a second is slow, and is asked no second time", async () => {
  let asked = 0;
  let answer = (): void => {};
  const { clock, checks } = checksWith(
    () =>
      new Promise((resolve) => {
        asked += 1;
        answer = () => resolve([]);
      }),
  );
  checks.start();
  await turn();
  assert.equal(checks.read().postgres, "ok");
  clock.ms = 501;
  assert.equal(checks.read().postgres, "slow");
  clock.ms = 60_000;
  assert.equal(checks.read().postgres, "slow");
  assert.equal(asked, 1);
  answer();
  await turn();
  assert.equal(checks.read().postgres, "ok");
  await checks.close();
});

test("Redis is ok while it is connected; a queue in memory needs none", () => {
  const ask: Ask = () => Promise.resolve([]);
  assert.equal(checksWith(ask).checks.read().redis, "ok");
  assert.equal(checksWith(ask, { ready: () => false }).checks.read().redis, "away");
  assert.equal(checksWith(ask, null).checks.read().redis, "memory");
});

test("the log tells each new reason of PostgreSQL once, and that it answers again", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const reasons = ["no pg_hba.conf entry", "no pg_hba.conf entry", "too many connections", ""];
  const ask: Ask = () => {
    const reason = reasons.shift() ?? "";
    return reason === "" ? Promise.resolve([]) : Promise.reject(new Unavailable(reason));
  };
  const logged: unknown[] = [];
  const write = (line: string): void => {
    const { reason, msg } = JSON.parse(line) as { reason?: string; msg: string };
    logged.push(reason ?? msg);
  };
  const log = createLog({ level: "info", destination: { write } });
  const { checks } = checksWith(ask, null, log);
  checks.start();
  for (let second = 0; second < 6; second += 1) {
    await turn();
    t.mock.timers.tick(1_000);
  }
  await checks.close();
  assert.deepEqual(logged, [
    "no pg_hba.conf entry",
    "too many connections",
    "PostgreSQL can be used again",
  ]);
});
