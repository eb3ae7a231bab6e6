import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "#test/support/concurrency.ts";
import { freshRedis } from "#test/support/redis.ts";
import { addressLimit } from "../http/address-limit.ts";
import { silentLog } from "../log.ts";
import { addressLimitKey, shareLimits } from "./share-limits.ts";
import { openRedis } from "./store.ts";

const burst = 4;

/** An instance that admits one request a minute of an address, after a burst of four. */
const instanceOn = async (url: string) => {
  const redis = openRedis({ url, log: silentLog });
  await eventually("Redis is connected", () => redis.ready() || undefined);
  const limit = addressLimit({
    ...{ name: "sample", intervalMs: 60_000, burst, isShared: true },
    nowMs: () => performance.now(),
  });
  const sharing = shareLimits(redis, [limit], silentLog);
  sharing.start();
  return {
    limit,
    redis,
    async [Symbol.asyncDispose]() {
      await sharing.close();
      await redis.close();
    },
  };
};

type Instance = Awaited<ReturnType<typeof instanceOn>>;

const backlogMs = async ({ redis }: Instance, address: string): Promise<number> =>
  Number(await redis.command(["PTTL", addressLimitKey("sample", address)]));

test("a request that one instance admitted counts at the others, and the key expires with the backlog", async () => {
  await using server = await freshRedis();
  await using first = await instanceOn(server.url);
  await using second = await instanceOn(server.url);
  for (let n = 0; n < burst; n += 1) assert.equal(first.limit.take("192.0.2.7"), 0);
  await eventually("the first has shared", async () =>
    (await backlogMs(first, "192.0.2.7")) > 60_000 * (burst - 1) ? true : undefined,
  );
  // The second instance learns the sum with the first request that it admits itself.
  assert.equal(second.limit.take("192.0.2.7"), 0);
  await eventually("the second refuses", () =>
    second.limit.waitSeconds("192.0.2.7") > 60 ? true : undefined,
  );
  assert.ok((await backlogMs(first, "192.0.2.7")) <= 60_000 * (burst + 1));
  assert.equal(second.limit.take("192.0.2.8"), 0);
});

test("every address is shared, also when there are more than one call takes", async () => {
  await using server = await freshRedis();
  await using one = await instanceOn(server.url);
  for (let n = 0; n < 1_201; n += 1) one.limit.take(`address ${n}`);
  await eventually("all are shared", async () =>
    Number(await one.redis.command(["DBSIZE"])) === 1_201 ? true : undefined,
  );
});

test("while Redis is away an instance limits by itself, and shares again afterwards", async () => {
  await using server = await freshRedis();
  await using one = await instanceOn(server.url);
  await server.kill();
  await eventually("the loss is known", () => !one.redis.ready() || undefined);
  for (let n = 0; n < burst; n += 1) assert.equal(one.limit.take("a"), 0);
  assert.ok(one.limit.take("a") > 0);
  await server.restart();
  await eventually("Redis is back", () => one.redis.ready() || undefined);
  assert.ok(one.limit.take("a") > 0, "the return of an empty Redis forgives nothing");
  one.limit.take("b");
  await eventually("the next is shared", async () =>
    (await backlogMs(one, "b")) > 0 ? true : undefined,
  );
});
