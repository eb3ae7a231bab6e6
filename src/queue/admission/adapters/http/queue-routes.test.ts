import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import type { Answer } from "#platform/http/route.ts";
import { queueFixture } from "#test/support/queue-fixture.ts";
import { newUser } from "../../../contracts/queue-store.contract.ts";
import { getPlaceStatus } from "../../use-cases/get-place-status.ts";
import { joinQueue } from "../../use-cases/join-queue.ts";
import { leaveQueue } from "../../use-cases/leave-queue.ts";
import { readQueue } from "../../use-cases/read-queue.ts";
import { queueRoutes } from "./queue-routes.ts";

const scene = () => {
  const made = queueFixture();
  const hammering = { is: false };
  const routes = queueRoutes({
    join: joinQueue(made.deps),
    check: getPlaceStatus(made.deps),
    leave: leaveQueue(made.deps),
    read: readQueue(made.deps),
    mayPoll: () => !hammering.is,
  });
  const call = async (operationId: string, caller: object): Promise<Answer> => {
    const route = routes.find((one) => one.operationId === operationId) ?? assert.fail();
    return route.handle({ caller, params: { concertId: made.concertId } } as never);
  };
  return { ...made, routes, call, hammering };
};

const success = (answer: Answer) => ("problem" in answer ? assert.fail(answer.problem) : answer);

test("the queue is public and cached for a second", async () => {
  const { call, concertId, clock } = scene();
  await call("joinQueue", { userId: newUser() });
  const answer = success(await call("readQueue", {}));
  assert.deepEqual(answer.headers, { "Cache-Control": "public, max-age=1" });
  assert.deepEqual(answer.body, {
    concertId,
    state: "OPEN",
    mode: "fifo",
    opensAt: new Date(clock.atMs).toISOString(),
    admitsAt: null,
    waiting: 1,
    active: 0,
    nowServing: 0,
    lastIssued: 1,
    seatsAvailable: 50,
    seatsHeld: 0,
    seatsTotal: 50,
    admissionsPerMinute: 6_000,
    waitingList: false,
    waitlisted: null,
    draw: null,
    cancelledAt: null,
  });
});

test("a lottery shows no seq numbers, and an unknown stock shows no seats", async () => {
  const { call, change, world, clock } = scene();
  const { schedule } = world;
  assert.ok(schedule);
  const policy = { ...schedule.policy, mode: "lottery" as const, admitsAtMs: clock.atMs + 5 };
  const drawSeed = "c0de".repeat(16);
  change({ policy, drawSeed });
  world.stock = null;
  const { body } = success(await call("readQueue", {})) as { body: Record<string, unknown> };
  assert.deepEqual(
    [body["state"], body["nowServing"], body["lastIssued"], body["seatsAvailable"]],
    ["LOBBY", null, null, null],
  );
  assert.equal(body["admitsAt"], new Date(clock.atMs + 5).toISOString());
  const commitment = createHash("sha256").update(Buffer.from(drawSeed, "hex")).digest("hex");
  const untold = { seed: null, drawnAt: null, entrants: null, entrantsDigest: null };
  assert.deepEqual(body["draw"], { commitment, ...untold });

  const entrantsDigest = "ab".repeat(32);
  change({ draw: { drawnAtMs: clock.atMs, entrants: 3, entrantsDigest } });
  const drawn = success(await call("readQueue", {})) as { body: Record<string, unknown> };
  const drawnAt = new Date(clock.atMs).toISOString();
  assert.deepEqual(drawn.body["draw"], {
    ...{ commitment, seed: drawSeed },
    ...{ drawnAt, entrants: 3, entrantsDigest },
  });
});

test("the first join is 201 and a second is 200 with the same token", async () => {
  const { call } = scene();
  const caller = { userId: newUser() };
  const first = success(await call("joinQueue", caller));
  const again = success(await call("joinQueue", caller));
  assert.deepEqual([first.status, again.status], [201, 200]);
  assert.equal(first.headers, undefined, "so the engine's no-store stays");
  const token = (answer: typeof first) => (answer.body as { token: string }).token;
  assert.equal(token(first), token(again));
});

test("the status of a WAITING user has every field of the contract", async () => {
  const { call, claims, concertId, clock, pass } = scene();
  for (let count = 0; count < 4; count += 1) await call("joinQueue", { userId: newUser() });
  const userId = newUser();
  await call("joinQueue", { userId });
  await pass();
  clock.atMs += 1_000;
  const caller = { claims: claims(userId, { epoch: 1, seq: 5 }) };
  const { body } = success(await call("readQueueStatus", caller)) as {
    body: { token: string; estimatedWaitRange: { p50: number; p90: number } };
  };
  const { estimatedWaitRange: range } = body;
  assert.ok(range.p50 > 60 && range.p90 > range.p50, "two users are inside and may take minutes");
  assert.deepEqual(
    { ...body, token: "" },
    {
      token: "",
      userId,
      concertId,
      status: "WAITING",
      queueState: "OPEN",
      position: 3,
      ahead: 2,
      estimatedWaitSeconds: range.p50,
      estimatedWaitRange: range,
      seatsLikely: "likely",
      pollAfterMs: 1_000,
      expiresAt: null,
      endedReason: null,
      cancelledAt: null,
      serverTime: new Date(clock.atMs).toISOString(),
    },
  );
});

test("an ACTIVE status has expiresAt, and an ENDED one has its reason", async () => {
  const { call, claims, clock, pass } = scene();
  const userId = newUser();
  await call("joinQueue", { userId });
  await pass();
  const caller = { claims: claims(userId, { epoch: 1, seq: 1 }) };
  const active = success(await call("readQueueStatus", caller)).body as Record<string, unknown>;
  assert.equal(active["status"], "ACTIVE");
  assert.equal(active["expiresAt"], new Date(clock.atMs + 600_000).toISOString());
  assert.deepEqual([active["position"], active["ahead"]], [null, null]);
  for (let time = 0; time < 2; time += 1) {
    assert.deepEqual(await call("leaveQueue", caller), { status: 204 });
  }
  const ended = success(await call("readQueueStatus", caller)).body as Record<string, unknown>;
  assert.deepEqual([ended["status"], ended["endedReason"]], ["ENDED", "LEFT"]);
});

test("refusals have the codes of the contract", async () => {
  const { call, world, clock, claims } = scene();
  const userId = newUser();
  clock.atMs -= 1;
  assert.deepEqual(await call("joinQueue", { userId }), { problem: "QUEUE_NOT_OPEN" });
  clock.atMs += 1;
  world.stock = { available: 0, held: 0, mayReturn: 0, sold: 50, total: 50, hasEnded: false };
  assert.deepEqual(await call("joinQueue", { userId }), { problem: "SOLD_OUT" });
  world.schedule = null;
  const unknown = { problem: "CONCERT_NOT_FOUND" };
  assert.deepEqual(await call("joinQueue", { userId }), unknown);
  assert.deepEqual(await call("readQueue", {}), unknown);
  const caller = { claims: claims(userId, { epoch: 1, seq: 1 }) };
  assert.deepEqual(await call("readQueueStatus", caller), unknown);
});

test("each route declares its token and its answers", () => {
  const { routes } = scene();
  const declared = routes.map(({ method, path, auth, answers }) => [
    `${method} ${path.replace("/api/v1/concerts/{concertId}", "")}`,
    auth,
    Object.keys(answers).join(),
  ]);
  assert.deepEqual(declared, [
    ["GET /queue", "none", "200"],
    ["POST /queue/tokens", "access", "200,201"],
    ["GET /queue/tokens/me", "queue", "200"],
    ["DELETE /queue/tokens/me", "queue", "204"],
  ]);
});

test("the rate limit of a place applies to polls only", async () => {
  const { call, hammering, concertId, deps } = scene();
  const userId = newUser();
  const joined = success(await call("joinQueue", { userId })).body as { token: string };
  const claims = deps.tokens.read(joined.token);
  hammering.is = true;
  const answer = await call("readQueueStatus", { userId, claims });
  assert.equal("problem" in answer && answer.problem, "RATE_LIMITED");
  success(await call("joinQueue", { userId }));
  success(await call("readQueue", { concertId }));
  success(await call("leaveQueue", { userId, claims }));
});
