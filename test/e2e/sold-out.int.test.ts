import assert from "node:assert/strict";
import { after, test } from "node:test";
import { toId } from "#kernel/ids.ts";
import { createLog } from "#platform/log.ts";
import { openRedis } from "#platform/redis/store.ts";
import { queueKeys } from "../../src/queue/adapters/redis/keys.ts";
import { refused, succeeded } from "#test/support/client.ts";
import { isStatus, openEvents, type EventStream } from "#test/support/events.ts";
import { dateIn, openSale, patiently, type Placed, type QueueStatus } from "#test/support/sale.ts";
import { startDeployment, type Instance } from "#test/support/server.ts";
import {
  assertWithin,
  eventually,
  loadAllowanceMs,
  mapConcurrently,
  sleep,
} from "#test/support/concurrency.ts";

// Hundreds wait at three instances while the last seats are held, become free and are sold. Each user
// learns of it, by stream or by poll, and no user is admitted to find nothing. The last test is about the
// keys of a queue that is over.

const deployment = await startDeployment({ instances: 3 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const day = dateIn(20);

const [streamersCount, pollersCount] = [150, 150];
const seatsEach = 10;
const holdSeconds = 7;
/** Figures may be a second old, and a tick passes until they are sent. */
const knownWithinMs = 1_500;

const fiveBuyers = async () => {
  const limits = { maxSeatsPerUser: seatsEach, maxSeatsPerReservation: seatsEach };
  const policy = { maxActive: 5, shoppersPerSeat: 2, ...limits };
  const { concertId } = await sale.onSale({ dates: [{ date: day }], policy });
  const buyers = await sale.allAdmitted(await sale.fans(5, { balance: 20_000 }), concertId);
  return { concertId, buyers };
};

const change = async (concertId: string, policy: Record<string, number>): Promise<void> => {
  succeeded(await sale.admin("PATCH", `/concerts/${concertId}/policy`, policy), 200);
  await sleep(1_000);
};

const seatsOf = (turn: number): number[] =>
  Array.from({ length: seatsEach }, (_, n) => turn * seatsEach + n + 1);

const reserveFor = (place: Placed, turn: number) =>
  sale.reserved(place, { date: day, seatNumbers: seatsOf(turn) });

/** Every other one streams, the others will poll; in the order of the queue. */
const hundredsWait = async (concertId: string) => {
  const places: Placed[] = [];
  const fans = await sale.fans(streamersCount + pollersCount, { balance: 0 });
  // The first one is the one who will buy.
  succeeded(await sale.charge(fans[0] ?? assert.fail(), 20_000, { key: "money" }), 201);
  for (const fan of fans) places.push(await sale.placed(fan, concertId));
  const streamers = places.filter((_, index) => index % 2 === 0);
  const pollers = places.filter((_, index) => index % 2 === 1);
  const streams = await mapConcurrently(streamers, 32, (place, index) =>
    openEvents(deployment.instances[index % 3] as Instance, place),
  );
  return { first: places[0] ?? assert.fail(), streams, pollers };
};

/** The current status of each user who polls. */
const pollAll = (pollers: readonly Placed[]): Promise<QueueStatus[]> =>
  mapConcurrently(pollers, 32, async (place, index) =>
    succeeded<QueueStatus>(await patiently(() => sale.poll(place, index % 3)), 200),
  );

/** How long after a moment the slowest of these streams had the status. */
const slowestAfter = async (
  streams: readonly EventStream[],
  sinceMs: number,
  what: string,
  fits: (status: QueueStatus) => boolean,
): Promise<number> => {
  const events = await Promise.all(
    streams.map((stream) =>
      stream.until(what, (event) => event.atMs >= sinceMs && isStatus(fits)(event)),
    ),
  );
  return Math.max(...events.map(({ atMs }) => atMs)) - sinceMs;
};

test("all held, free again and sold: each reaches all waiting users at once", async (t) => {
  const { concertId, buyers } = await fiveBuyers();
  const { first, streams, pollers } = await hundredsWait(concertId);
  const queue = async () =>
    succeeded<{ state: string; active: number }>(
      await sale.call({ path: `/api/v1/concerts/${concertId}/queue` }),
      200,
    );
  const holds = [];
  for (const [turn, buyer] of buyers.slice(0, 4).entries()) {
    holds.push(await reserveFor(buyer, turn));
  }
  await change(concertId, { holdSeconds });
  const lapsing = await reserveFor(buyers[4] ?? assert.fail(), 4);
  const heldMs = performance.now();
  const heldTookMs = await slowestAfter(
    streams,
    heldMs,
    "all held",
    ({ queueState, position }) => queueState === "ALL_HELD" && position !== null,
  );
  assertWithin(heldTookMs, knownWithinMs, "all held is known");
  // From here on only the stock keeps people out.
  await change(concertId, { maxActive: 1_000 });
  for (const { status, queueState } of await pollAll(pollers)) {
    assert.deepEqual([status, queueState], ["WAITING", "ALL_HELD"]);
  }
  assert.deepEqual(await queue().then(({ state, active }) => [state, active]), ["ALL_HELD", 5]);
  const early = streams.flatMap((stream) => stream.statuses());
  assert.ok(early.every(({ status }) => status === "WAITING"));

  const freeMs = performance.now() + Date.parse(lapsing.expiresAt) - Date.now();
  await sleep(freeMs - performance.now());
  const [firstStream, ...others] = streams as [EventStream, ...EventStream[]];
  const turnTookMs = await slowestAfter(
    [firstStream],
    freeMs - 100,
    "the turn",
    ({ status }) => status === "ACTIVE",
  );
  assertWithin(turnTookMs, knownWithinMs, "a turn");
  await slowestAfter(others.slice(-50), freeMs - 100, "open", (it) => it.queueState === "OPEN");

  const last = firstStream.statuses().at(-1) ?? assert.fail();
  const buyer = { ...first, queueToken: last.token };
  const bought = await reserveFor(buyer, 4);
  for (const [turn, held] of holds.entries()) {
    succeeded(await sale.pay(buyers[turn] ?? assert.fail(), held.reservationId), 201);
  }
  succeeded(await sale.pay(buyer, bought.reservationId), 201);
  const soldMs = performance.now();
  // The figures may be a second old, so the slots that the payments end may still go to users who wait.
  const isActive = isStatus(({ status }) => status === "ACTIVE");
  const isSoldOut = isStatus(
    ({ status, endedReason }) => status === "ENDED" && endedReason === "SOLD_OUT",
  );
  await Promise.all(
    others.map((it) => it.until("sold out", (event) => isActive(event) || isSoldOut(event))),
  );
  const waiting = others.filter((it) => !it.events.some(isActive));
  assert.ok(waiting.length > streamersCount / 2, `${waiting.length} streams were never admitted`);
  const soldAtMs = Math.max(
    ...waiting.map(({ events }) => (events.find(isSoldOut) ?? assert.fail()).atMs),
  );
  const soldTookMs = soldAtMs - soldMs;
  assertWithin(soldTookMs, knownWithinMs, "sold out is known");
  for (const stream of waiting) assert.equal(await stream.ended, true);
  await sleep(soldMs + 1_000 + loadAllowanceMs() - performance.now());
  const statuses = await pollAll(pollers);
  assert.ok(statuses.every(({ status }) => status !== "WAITING"));
  const ended = statuses.filter(({ status }) => status === "ENDED");
  assert.ok(ended.length > pollersCount / 2);
  for (const { endedReason, queueState } of ended) {
    assert.deepEqual([endedReason, queueState], ["SOLD_OUT", "SOLD_OUT"]);
  }
  assert.equal((await queue()).state, "SOLD_OUT");
  refused(await sale.join(await sale.fan(), concertId), "SOLD_OUT");
  for (const stream of streams) stream.destroy();
  const tookMs = [heldTookMs, turnTookMs, soldTookMs].map(Math.round);
  t.diagnostic(`all held, a turn and sold out were known after ${tookMs.join(", ")} ms`);
});

test("once a closed queue is empty, its keys in Redis end in seven days; before, none has an end", async () => {
  const { concertId, buyers } = await fiveBuyers();
  const redis = openRedis({
    url: deployment.redis.url,
    log: createLog({ level: "silent" }),
    commandTimeoutMs: 2_000,
  });
  try {
    await eventually("Redis answers", () => redis.ready() || undefined);
    /** How long each key that is there lives on, s; -1 for good. */
    const lives = async (): Promise<number[]> => {
      const keys = queueKeys(toId<"concert">(concertId));
      const all = await Promise.all(keys.map((key) => redis.command(["TTL", key])));
      return all.map(Number).filter((seconds) => seconds !== -2);
    };
    const waiting = await sale.placed(await sale.fan(), concertId);
    succeeded(await sale.admin("POST", `/concerts/${concertId}/queue/close`), 200);
    await sleep(1_500);
    assert.deepEqual([...new Set(await lives())], [-1], "people are ACTIVE");
    for (const buyer of buyers) succeeded(await sale.leave(buyer), 204);
    const { value } = await eventually("it is over", async () => {
      const seconds = await lives();
      return seconds.every((it) => it > 0) ? seconds : undefined;
    });
    assert.ok(value.length > 1 && value.every((it) => it > 604_700 && it <= 604_800));
    // As if the seven days were over.
    await redis.command(["DEL", ...queueKeys(toId<"concert">(concertId))]);
    assert.equal((await sale.status(waiting)).endedReason, "CLOSED");
    const [buyer] = buyers;
    assert.equal((await sale.status(buyer ?? assert.fail())).endedReason, "LEFT");
    refused(await sale.join(await sale.fan(), concertId), "QUEUE_NOT_OPEN");
    // A request may write after the last pass, and the next one gives each key its end.
    await eventually("a look leaves nothing for good", async () => {
      return (await lives()).every((it) => it > 0) || undefined;
    });
  } finally {
    await redis.close();
  }
});
