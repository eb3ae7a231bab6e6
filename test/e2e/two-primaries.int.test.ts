import assert from "node:assert/strict";
import { test } from "node:test";
import { refused, succeeded } from "#test/support/client.ts";
import { eventually, inBackground, sleep } from "#test/support/concurrency.ts";
import { admittedIn } from "#test/support/list-watch.ts";
import { freshRedis } from "#test/support/redis.ts";
import { dateIn, openSale, openSaleOn, type Placed, type QueueStatus } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// Goal: instances on two servers that are both primaries (a failover whose old primary is still reached by some
// instances) never admit users to one queue at the same time, and the side that stays takes the queue over.

const day = dateIn(20);

test("two instances on each of two primaries: one side admits, the other takes the queue over when it has died", async () => {
  await using deployment = await startDeployment({ instances: 2 });
  await using other = await freshRedis();
  const sale = openSale(deployment);
  const policy = { maxActive: 1000, admissionsPerMinute: 600, sessionSeconds: 600 };
  const { concertId } = await sale.onSale({ dates: [{ date: day }], policy });
  const first = await sale.admitted(await sale.fan(), concertId);
  const there = [
    await deployment.add({ REDIS_URL: other.url }),
    await deployment.add({ REDIS_URL: other.url }),
  ];
  const elsewhere = openSaleOn(deployment, there);

  const fans = await sale.fans(12);
  const waiting: Placed[] = [];
  await using joining = inBackground(100, async () => {
    const fan = fans[waiting.length];
    if (fan !== undefined) waiting.push(await sale.placed(fan, concertId));
  });
  const stranger = await sale.fan();
  for (let tries = 0; tries < 40; tries += 1) {
    refused(await elsewhere.join(stranger, concertId, tries % 2), "UNAVAILABLE");
    await sleep(100);
  }
  await eventually("the first side admits all", () => waiting.length === fans.length || undefined);
  await joining.stop();
  await eventually("they are ACTIVE", async () => {
    const statuses = await Promise.all(waiting.map((place) => sale.status(place)));
    return statuses.every(({ status }) => status === "ACTIVE") || undefined;
  });
  assert.equal(await admittedIn(other.url, concertId), 0);

  for (const instance of deployment.instances) instance.signal("SIGKILL");
  for (const on of [0, 1]) {
    await eventually("the other side takes the queue over", async () => {
      return (await elsewhere.join(stranger, concertId, on)).status < 300 || undefined;
    });
  }
  const status = succeeded<QueueStatus>(await elsewhere.poll(first), 200);
  assert.equal(status.status, "ACTIVE");
  const rows = await deployment.sql<{ epoch: number; count: number }>(
    `select queue_epoch as epoch, count(*)::int as count from queue_journal
     where concert_id = $1 and kind = 'ADMITTED' group by 1`,
    [concertId],
  );
  assert.deepEqual(rows, [{ epoch: 1, count: 13 }]);
});

test("a side that is cut off from the database admits no user once the other side has the queue, and tells the database nothing", async () => {
  await using deployment = await startDeployment({ instances: 2, proxies: true });
  await using other = await freshRedis();
  const sale = openSale(deployment);
  const policy = { maxActive: 1000, admissionsPerMinute: 60, claimSeconds: 10 };
  const { concertId } = await sale.onSale({ dates: [{ date: day }], policy });
  const crowd = await Promise.all((await sale.fans(40)).map((fan) => sale.placed(fan, concertId)));
  await using polling = inBackground(500, async () => {
    await Promise.all(crowd.map((place) => sale.poll(place)));
  });
  const there = await deployment.add({
    REDIS_URL: other.url,
    DATABASE_URL: deployment.databaseUrl,
  });
  const elsewhere = openSaleOn(deployment, [there]);
  const stranger = await sale.fan();
  refused(await elsewhere.join(stranger, concertId), "UNAVAILABLE");

  deployment.proxies?.postgres.freeze();
  await eventually("the other side takes the queue over", async () => {
    return (await elsewhere.join(stranger, concertId)).status < 300 || undefined;
  });
  const admitted = await admittedIn(deployment.redis.url, concertId);
  const takenOverAt = new Date();
  await sleep(3_000);
  assert.equal(await admittedIn(deployment.redis.url, concertId), admitted);
  deployment.proxies?.postgres.heal();
  for (const on of [0, 1]) {
    await eventually("the former side sees that the queue lives elsewhere", async () => {
      return (await sale.poll(crowd[0] as Placed, on)).status === 503 || undefined;
    });
  }
  await polling.stop();
  await sleep(2_000);
  assert.equal(await admittedIn(deployment.redis.url, concertId), admitted);
  // A statement that was under way when the database stood still may be done late; nothing newer is.
  const later = await deployment.sql(
    "select 1 from queue_journal where concert_id = $1 and queue_epoch = 1 and at > $2",
    [concertId, takenOverAt],
  );
  assert.deepEqual(later, []);
});
