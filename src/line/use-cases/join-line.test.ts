import assert from "node:assert/strict";
import { test } from "node:test";
import { lineScene } from "../../../test/support/line-scene.ts";
import { newUser } from "../ports/line-store.contract.ts";
import { joinLine, type JoinLineOutcome } from "./join-line.ts";

const given = (outcome: JoinLineOutcome) =>
  outcome.kind === "in-line" ? outcome : assert.fail(outcome.kind);

const scene = (...args: Parameters<typeof lineScene>) => {
  const made = lineScene(...args);
  const join = joinLine(made.deps);
  return { ...made, join: (userId = newUser()) => join({ concertId: made.concertId, userId }) };
};

test("who joins gets a token with his place and its order, and his position", async () => {
  const { join, concertId, clock } = scene();
  await join();
  const userId = newUser();
  const { fresh, status } = given(await join(userId));
  assert.equal(fresh, true);
  assert.deepEqual(JSON.parse(status.token), {
    sub: userId,
    concertId,
    jti: "1.2",
    seq: 2,
    epoch: 1,
    iat: clock.atMs / 1_000,
  });
  assert.deepEqual(
    { ...status, token: "" },
    {
      token: "",
      userId,
      concertId,
      status: "WAITING",
      queueState: "OPEN",
      position: 2,
      estimate: null,
      pollAfterMs: 1_000,
      expiresAtMs: null,
      endedReason: null,
      atMs: clock.atMs,
    },
  );
});

test("who joins again gets the place that he has", async () => {
  const { join } = scene();
  const userId = newUser();
  const first = given(await join(userId));
  await join();
  const again = given(await join(userId));
  assert.equal(again.fresh, false);
  assert.equal(again.status.token, first.status.token);
});

test("there is no line for a concert that there is not", async () => {
  const { join, world } = scene();
  world.schedule = null;
  assert.deepEqual(await join(), { kind: "unknown-concert" });
});

test("before the opening nobody joins", async () => {
  const { join, clock } = scene();
  clock.atMs -= 1;
  assert.deepEqual(await join(), { kind: "QUEUE_NOT_OPEN" });
  clock.atMs += 1;
  assert.equal((await join()).kind, "in-line");
});

for (const [name, stock, expected] of [
  ["sold out", { available: 0, held: 0 }, "SOLD_OUT"],
  ["all held", { available: 0, held: 1 }, "in-line"],
] as const) {
  test(`joining a line that is ${name}: ${expected}`, async () => {
    const { join, world } = scene();
    world.stock = { ...stock, sold: 49, total: 50 };
    assert.equal((await join()).kind, expected);
  });
}

test("joining while the stock is unknown is possible", async () => {
  const { join, world } = scene();
  world.stock = null;
  assert.equal((await join()).kind, "in-line");
});

test("joining a paused line is possible, a closed one not", async () => {
  const { join, change, clock } = scene();
  change({ pausedAtMs: clock.atMs });
  assert.equal(given(await join()).status.queueState, "PAUSED");
  change({ pausedAtMs: null, closedAtMs: clock.atMs });
  assert.deepEqual(await join(), { kind: "QUEUE_NOT_OPEN" });
});

test("who is ACTIVE keeps his place in a line that is closed", async () => {
  const { join, change, clock, pass } = scene();
  const userId = newUser();
  await join(userId);
  await pass();
  change({ closedAtMs: clock.atMs });
  const again = given(await join(userId));
  assert.equal(again.fresh, false);
  assert.equal(again.status.status, "ACTIVE");
  assert.equal(again.status.queueState, "CLOSED");
});
