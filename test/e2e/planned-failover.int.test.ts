import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createClient } from "redis";
import { succeeded } from "#test/support/client.ts";
import { eventually } from "#test/support/concurrency.ts";
import { freshRedis } from "#test/support/redis.ts";
import { openSale, type QueueStatus } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// Goal: instances follow the name of their Redis to the new primary of a planned failover, and no instance
// starts on a Redis that would lose or refuse places.

const deployment = await startDeployment({ instances: 2, proxies: true });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const name = deployment.proxies?.redis as NonNullable<typeof deployment.proxies>["redis"];

const order = async (url: string, ...words: readonly string[]): Promise<void> => {
  const client = createClient({ url });
  await client.connect();
  await client.sendCommand([...words]);
  client.destroy();
};

test("after a planned failover each instance takes people in again, and waiting users keep their places", async () => {
  await using next = await freshRedis({
    words: ["--replicaof", "127.0.0.1", String(deployment.redis.port)],
  });
  const { concertId } = await sale.onSale();
  succeeded(await sale.admin("POST", `/concerts/${concertId}/queue/pause`), 200);
  for (const { index: on } of deployment.instances) {
    await eventually("the instance knows the pause", async () => {
      const { body } = await sale.call({ path: `/api/v1/concerts/${concertId}/queue`, on });
      return (body as { state: string }).state === "PAUSED" || undefined;
    });
  }
  const early = await sale.placed(await sale.fan(), concertId);
  assert.equal((await sale.status(early)).position, 1);
  await order(next.url, "REPLICAOF", "NO", "ONE");
  await order(deployment.redis.url, "REPLICAOF", "127.0.0.1", String(next.port));
  name.pointTo(next.url);
  for (const { index } of deployment.instances) {
    const fan = await sale.fan();
    await eventually(`instance ${index} takes people in`, async () => {
      return (await sale.join(fan, concertId, index)).status < 300 || undefined;
    });
  }
  const { value } = await eventually("the position is known again", async () => {
    const status = (await sale.poll(early)).body as Partial<QueueStatus>;
    return typeof status.position !== "number" ? undefined : status;
  });
  assert.deepEqual([value.status, value.position], ["WAITING", 1]);
});

const unusable: [title: string, words: readonly string[], says: RegExp][] = [
  ["a replica", ["--replicaof", "127.0.0.1", "1"], /cannot be used: it is a replica; set/],
  ["a node in cluster mode", ["--cluster-enabled", "yes"], /cannot be used: it is in cluster mode/],
  [
    "a server that deletes places",
    ["--maxmemory-policy", "allkeys-lru"],
    /cannot be used: its maxmemory-policy allkeys-lru deletes places of users/,
  ],
];
for (const [title, words, says] of unusable) {
  test(`no instance starts on ${title}: it ends with one line`, async () => {
    await using redis = await freshRedis({ words });
    await assert.rejects(deployment.add({ REDIS_URL: redis.url }), (error: Error) => {
      const [first = "", ...lines] = error.message.trim().split("\n");
      assert.match(first, /ended before it was ready \(1\)/);
      assert.equal(lines.length, 1, error.message);
      return says.test(lines[0] ?? "");
    });
  });
}

test("an instance on a Redis that deletes only locks starts, and its log warns", async () => {
  await using redis = await freshRedis({ words: ["--maxmemory-policy", "volatile-lfu"] });
  const instance = await deployment.add({ REDIS_URL: redis.url });
  await eventually(
    "the log warns",
    () =>
      /"level":"warn".*maxmemory-policy volatile-lfu deletes seat locks/.test(instance.output()) ||
      undefined,
  );
});
