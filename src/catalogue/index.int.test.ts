import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, afterEach, before, test } from "node:test";
import { eventually, assertWithin } from "#test/support/concurrency.ts";
import type { ConcertId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { mintId } from "#platform/ids.ts";
import { silentLog } from "#platform/log.ts";
import { openDatabase, type Database } from "#platform/postgres/database.ts";
import { freshDatabase, type FreshDatabase } from "#test/support/postgres.ts";
import { startFaultProxy, type FaultProxy } from "#test/support/fault-proxy.ts";
import { pgConcertRecords } from "./adapters/postgres/pg-concert-records.ts";
import { catalogueFeature, type CatalogueFeature, type Concert } from "./index.ts";
import { changePolicy } from "./use-cases/change-policy.ts";

let fresh: FreshDatabase;
let database: Database;
let proxy: FaultProxy;
const open: (() => Promise<void>)[] = [];

before(async () => {
  fresh = await freshDatabase();
  proxy = await startFaultProxy(fresh.url);
  database = openDatabase({ url: fresh.url });
});

afterEach(async () => {
  proxy.heal();
  for (const close of open.splice(0)) await close();
});

after(async () => {
  await database.close();
  await proxy[Symbol.asyncDispose]();
  await fresh[Symbol.asyncDispose]();
});

/** Starts an instance with its own connections. */
const instance = (url = fresh.url): CatalogueFeature => {
  const own = openDatabase({ url, acquireTimeoutMs: 2_000 });
  const feature = catalogueFeature({
    database: own,
    operatorDatabase: own,
    clock: { nowMs: () => Date.now() },
    mintId,
    randomBytes,
    currency: "KRW",
    log: silentLog,
  });
  feature.start();
  open.push(async () => {
    await feature.close();
    await own.close();
  });
  return feature;
};

const onSale = async (feature: CatalogueFeature): Promise<Concert> => {
  const outcome = await feature.createConcert({
    actor: "operator:00000000",
    input: { title: "Winter Night", dates: [{ date: "2099-12-24" }], price: 5, policy: {} },
  });
  assert.equal(outcome.kind, "created");
  return (outcome as Extract<typeof outcome, { kind: "created" }>).concert;
};

/** Changes the policy as another instance does. */
const changed = async (concertId: ConcertId, maxActive: number) => {
  const records = pgConcertRecords(database);
  const [concert = null] = await records.load([concertId]);
  const cache = { find: async () => concert, putSettings: () => undefined };
  const change = changePolicy({ records, cache, mintSeed: () => "" });
  const input = { maxActive };
  assert.equal((await change({ actor: "operator:1", concertId, input })).kind, "applied");
};

test("a concert created on one instance is found on every other and runs there within 1,000 ms", async () => {
  const [one, other] = [instance(), instance()];
  const { concertId } = await onSale(one);
  assert.equal((await one.find(concertId))?.title, "Winter Night");
  assert.equal((await other.find(concertId))?.title, "Winter Night");
  const third = instance();
  const { tookMs } = await eventually(
    "it runs",
    async () =>
      (await third.running()).some((concert) => concert.concertId === concertId) || undefined,
  );
  assertWithin(tookMs, 1_000, "the third instance");
});

test("a change of the policy is in force on every instance within 1,000 ms", async () => {
  const instances = [instance(), instance(), instance()];
  const { concertId } = await onSale(instances[0] as CatalogueFeature);
  for (const feature of instances) await feature.find(concertId);
  for (const maxActive of [7, 8]) {
    await changed(concertId, maxActive);
    const { tookMs } = await eventually("in force", async () => {
      const found = await Promise.all(instances.map(async (feature) => feature.find(concertId)));
      return found.every((concert) => concert?.policy.maxActive === maxActive) || undefined;
    });
    assertWithin(tookMs, 1_000, "the policy");
  }
});

test("control: an instance that was not started does not read changes", async () => {
  const feature = instance();
  const { concertId } = await onSale(feature);
  await feature.close();
  await changed(concertId, 9);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  assert.equal((await feature.find(concertId))?.policy.maxActive, 200);
});

test("while PostgreSQL is away the cached concert is answered, and changes are read afterwards", async () => {
  const feature = instance(proxy.url);
  const { concertId } = await onSale(feature);
  await eventually("it runs", async () => (await feature.running()).length > 0 || undefined);
  for (const fault of [() => proxy.cut(), () => proxy.freeze()]) {
    fault();
    assert.equal((await feature.find(concertId))?.title, "Winter Night");
    assert.ok((await feature.running()).length > 0);
    await assert.rejects(async () => feature.find(mintId()), Unavailable);
    proxy.heal();
    const maxActive = 1 + Math.floor(Math.random() * 1_000);
    await changed(concertId, maxActive);
    await eventually("the change is read", async () => {
      const concert = await feature.find(concertId);
      return concert?.policy.maxActive === maxActive || undefined;
    });
  }
});

test("1,000 concurrent unknown ids cost at most four statements", async () => {
  let statements = 0;
  const feature = catalogueFeature({
    database: {
      ...database,
      query: (statement) => {
        statements += 1;
        return database.query(statement);
      },
    },
    operatorDatabase: database,
    clock: { nowMs: () => Date.now() },
    mintId,
    randomBytes,
    currency: "KRW",
    log: silentLog,
  });
  const found = await Promise.all(
    Array.from({ length: 1_000 }, async () => feature.find(mintId())),
  );
  assert.ok(found.every((concert) => concert === null));
  assert.ok(statements <= 4, `${statements} statements`);
});
