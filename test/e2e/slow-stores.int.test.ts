import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, beforeEach, test } from "node:test";
import { refused, succeeded, verdict, type Answer } from "#test/support/client.ts";
import { sweep } from "#test/support/invariants.ts";
import { ownPostgres } from "#test/support/own-postgres.ts";
import { freshRedis } from "#test/support/redis.ts";
import { dateIn, openSale, type Fan, type Placed } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { startFaultProxy } from "#test/support/fault-proxy.ts";
import { eventually, mapConcurrently, sleep } from "#test/support/concurrency.ts";
import { answeredWithinMs, assertInTime } from "#test/support/load.ts";
import { claimsOf } from "#test/support/tokens.ts";

// Goal: stores that answer late. An answer in time counts. A late one becomes a 503 in time, and the key
// tells each effect.

const postgres = await ownPostgres();
const database = await startFaultProxy(process.env["TEST_DATABASE_URL"] ?? "");
process.env["TEST_DATABASE_URL"] = database.url;
const redis = await freshRedis();
const queue = await startFaultProxy(redis.url);
const deployment = await startDeployment({ instances: 2, env: { REDIS_URL: queue.url } });
after(async () => {
  database.delay(0);
  queue.delay(0);
  await deployment[Symbol.asyncDispose]();
  await Promise.all([database[Symbol.asyncDispose](), queue[Symbol.asyncDispose]()]);
  await redis[Symbol.asyncDispose]();
  await postgres.stop();
});
const sale = openSale(deployment);
const day = dateIn(20);

const inTime = async (asking: Promise<Answer>): Promise<Answer> => assertInTime(await asking);

const setting = async (count: number): Promise<Placed[]> => {
  const { concertId } = await sale.onSale({ dates: [{ date: day }] });
  return sale.allAdmitted(await sale.fans(count, { balance: 5000 }), concertId);
};

beforeEach(() => {
  database.delay(0);
  queue.delay(0);
});

const charged = async (fan: Fan): Promise<void> => {
  for (const { index } of deployment.instances)
    await eventually(`instance ${index} charges again`, async () => {
      const answer = await inTime(sale.charge(fan, 1, { on: index }));
      return answer.status === 201 || undefined;
    });
};

test("a database that answers 100 ms late makes everything slower and nothing fail", async () => {
  const places = await setting(8);
  database.delay(100);
  const answers = await Promise.all(
    places.map(async (place, index) => {
      const wanted = { date: day, seatNumbers: [index + 1] };
      const held = await inTime(sale.reserve(place, wanted));
      const { reservationId } = succeeded<{ reservationId: string }>(held, 201);
      return inTime(sale.pay(place, reservationId));
    }),
  );
  database.delay(0);
  for (const answer of answers) succeeded(answer, 201);
  await sweep(deployment.sql);
});

for (const delayMs of [900, 5000])
  test(`a database that answers ${delayMs} ms late: each answer comes in time, and each key has one effect`, async () => {
    const places = await setting(8);
    const keys = places.map(() => ({ reserve: randomUUID(), charge: randomUUID() }));
    const reserve = (place: Placed, index: number): Promise<Answer> =>
      sale.reserve(
        place,
        { date: day, seatNumbers: [index + 1] },
        { key: keys[index]?.reserve ?? "" },
      );
    const charge = (place: Placed, index: number): Promise<Answer> =>
      sale.charge(place, 10, { key: keys[index]?.charge ?? "" });
    database.delay(delayMs);
    const during = await Promise.all(
      places.flatMap((place, index) => [
        inTime(reserve(place, index)),
        inTime(charge(place, index)),
        inTime(sale.poll(place)),
      ]),
    );
    await sleep(delayMs / 2);
    database.delay(0);
    for (const answer of during)
      assert.ok(["200", "201", "503 UNAVAILABLE"].includes(verdict(answer)), answer.text);
    const polls = during.filter((it) => it.asked.path.endsWith("/me"));
    for (const poll of polls) succeeded(poll, 200);
    if (delayMs > answeredWithinMs)
      for (const answer of during.filter((it) => !polls.includes(it)))
        refused(answer, "UNAVAILABLE");
    await charged(places[0] as Placed);
    await mapConcurrently(places, 4, async (place, index) => {
      for (const ask of [reserve, charge])
        await eventually("the key tells", async () => {
          const answer = await ask(place, index);
          if (answer.status === 409) refused(answer, "IDEMPOTENCY_IN_PROGRESS");
          return answer.status === 201 || undefined;
        });
    });
    for (const place of places.slice(1)) assert.equal(await sale.balanceOf(place), 5010);
    await sweep(deployment.sql);
  });

test("a queue's store that answers 100 ms late is waited for", async () => {
  const places = await setting(3);
  queue.delay(100);
  const answers = await Promise.all(places.map((place) => inTime(sale.poll(place))));
  queue.delay(0);
  for (const answer of answers) succeeded(answer, 200);
});

test("a queue's store that answers 2 s late counts as away: answers come soon, ACTIVE users buy on, late answers change nothing", async () => {
  const places = await setting(6);
  const newcomer = await sale.fan();
  const { concertId } = places[0] as Placed;
  queue.delay(2000);
  const joined = await Promise.all([
    inTime(sale.join(newcomer, concertId, 0)),
    inTime(sale.join(newcomer, concertId, 1)),
  ]);
  for (const answer of joined) refused(answer, "UNAVAILABLE");
  const bought = await Promise.all(
    places.map(async (place, index) => {
      const wanted = { date: day, seatNumbers: [index + 1] };
      const held = await inTime(sale.reserve(place, wanted));
      const { reservationId } = succeeded<{ reservationId: string }>(held, 201);
      return inTime(sale.pay(place, reservationId));
    }),
  );
  for (const answer of bought) succeeded(answer, 201);
  await sleep(2500);
  queue.delay(0);
  // Both joins may have been done by the store after their answers were given up: it is one place.
  const joinedAt = async ({ index }: { readonly index: number }): Promise<unknown> => {
    const what = `instance ${index} has its queue back`;
    const { value } = await eventually(what, async () => {
      const answer = await sale.join(newcomer, concertId, index);
      return answer.status < 300 ? (answer.body as { token: string }) : undefined;
    });
    const { sub, jti } = claimsOf(value.token);
    return [sub, jti];
  };
  const [first, second] = await mapConcurrently(deployment.instances, 1, joinedAt);
  assert.deepEqual(first, second);
  await sweep(deployment.sql);
});
