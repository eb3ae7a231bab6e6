import assert from "node:assert/strict";
import { test } from "node:test";
import { Unavailable } from "#kernel/unavailable.ts";
import { storeChecks } from "./store-checks.ts";

type Ask = () => Promise<never[]>;

const checksWith = (ask: Ask, redis: { ready(): boolean } | null = { ready: () => true }) => {
  const clock = { ms: 0 };
  const database = { query: ask as never };
  return { clock, checks: storeChecks({ database, redis, monotonicMs: () => clock.ms }) };
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
