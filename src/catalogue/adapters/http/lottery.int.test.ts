import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { Writable } from "node:stream";
import { after, before, test } from "node:test";
import type { FastifyInstance } from "fastify";
import { toId } from "#kernel/ids.ts";
import { buildServer } from "#platform/http/server.ts";
import { mintId } from "#platform/ids.ts";
import { createLog } from "#platform/log.ts";
import { createMeters } from "#platform/metrics.ts";
import type { Database } from "#platform/postgres/database.ts";
import { freshDatabase, type FreshDatabase, openPatiently } from "#test/support/postgres.ts";
import { catalogueFeature, type CatalogueFeature } from "../../index.ts";

type Members = Record<string, unknown>;

let fresh: FreshDatabase;
let database: Database;
let feature: CatalogueFeature;
let server: FastifyInstance;
let everythingSaid = "";

before(async () => {
  fresh = await freshDatabase();
  database = openPatiently({ url: fresh.url });
  const destination = new Writable({
    write(chunk, _encoding, done) {
      everythingSaid += String(chunk);
      done();
    },
  });
  const log = createLog({ level: "debug", destination });
  feature = catalogueFeature({
    database,
    operatorDatabase: database,
    clock: { nowMs: () => Date.now() },
    mintId,
    randomBytes,
    currency: "KRW",
    log,
  });
  server = await buildServer({
    routes: feature.routes({
      getState: async () => "LOBBY",
      getStats: () => Promise.reject(new Error("not called here")),
      forecast: () => Promise.reject(new Error("not called here")),
    }),
    authenticators: {
      access: () => null,
      queue: () => null,
      consoleSession: () => false,
      operator: () => ({ name: "operator:1", role: "admin" }),
      active: async () => "ended",
    },
    log,
    meters: createMeters().http,
    checks: () => ({}),
    metricsText: async () => "",
  });
});

after(async () => {
  await server.close();
  await feature.close();
  await database.close();
  await fresh[Symbol.asyncDispose]();
});

const call = async (method: "GET" | "POST" | "PATCH", url: string, payload?: Members) => {
  const answer = await server.inject({
    method,
    url,
    headers: {
      authorization: "Bearer key",
      ...(payload === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }),
  });
  everythingSaid += answer.body;
  return { status: answer.statusCode, body: answer.json<Members>() };
};

const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();

const onSale = async (policy: Members): Promise<string> => {
  const dates = [{ date: "2099-12-24" }];
  const { status, body } = await call("POST", "/admin/v1/concerts", {
    title: "Winter Night",
    dates,
    price: 5,
    policy,
  });
  assert.equal(status, 201, JSON.stringify(body));
  return String(body["concertId"]);
};

const seedOf = async (concertId: string): Promise<string | null> => {
  const concert = await feature.find(toId(concertId));
  assert.ok(concert);
  return concert.drawSeed;
};

test("the schedule of a lottery is public from its creation on", async () => {
  const policy = { mode: "lottery", opensAt: inMs(60_000), admitsAt: inMs(120_000) };
  const concertId = await onSale(policy);
  const { body } = await call("GET", `/api/v1/concerts/${concertId}`);
  assert.deepEqual(body["queue"], { ...policy, state: "LOBBY" });
});

test("each lottery has its own seed of 32 bytes, stored in the database and read by every instance", async () => {
  const policy = { mode: "lottery", admitsAt: inMs(60_000) };
  const seeds = [await seedOf(await onSale(policy)), await seedOf(await onSale(policy))];
  for (const seed of seeds) assert.match(String(seed), /^[0-9a-f]{64}$/);
  assert.notEqual(seeds[0], seeds[1]);
  assert.equal(await seedOf(await onSale({})), null);
});

test("until it opens a queue can change between fifo and lottery, always with the same seed", async () => {
  const concertId = await onSale({ opensAt: inMs(60_000) });
  const path = `/admin/v1/concerts/${concertId}/policy`;
  const lottery = { mode: "lottery", admitsAt: inMs(120_000) };
  assert.equal((await call("PATCH", path, lottery)).status, 200);
  const seed = await seedOf(concertId);
  assert.match(String(seed), /^[0-9a-f]{64}$/);
  assert.equal((await call("PATCH", path, { mode: "fifo" })).status, 400, "the draw must go too");
  assert.equal((await call("PATCH", path, { mode: "fifo", admitsAt: null })).status, 200);
  assert.equal((await call("PATCH", path, lottery)).status, 200);
  assert.equal(await seedOf(concertId), seed);
});

test("with an open lobby the mode is fixed, and the draw can move but not to now", async () => {
  const concertId = await onSale({ mode: "lottery", admitsAt: inMs(120_000) });
  const path = `/admin/v1/concerts/${concertId}/policy`;
  const rules: readonly (readonly [Members, number])[] = [
    [{ mode: "fifo", admitsAt: null }, 400],
    [{ opensAt: inMs(5_000) }, 400],
    [{ admitsAt: inMs(500) }, 400],
    [{ admitsAt: inMs(60_000) }, 200],
    [{ admitsAt: inMs(180_000) }, 200],
  ];
  for (const [input, status] of rules)
    assert.equal((await call("PATCH", path, input)).status, status, JSON.stringify(input));
});

test("a seed appears in no answer, no log and no row but that of its concert", async () => {
  const concertId = await onSale({ mode: "lottery", admitsAt: inMs(60_000) });
  const at = `/admin/v1/concerts/${concertId}`;
  await call("PATCH", `${at}/policy`, { admitsAt: inMs(90_000), maxActive: 5 });
  for (const step of ["pause", "resume", "close"]) await call("POST", `${at}/queue/${step}`);
  await call("GET", `/api/v1/concerts`);
  await call("GET", `/api/v1/concerts/${concertId}`);
  await call("GET", `${at}/stats`);
  await call("GET", `/admin/v1/audit`);
  const seed = String(await seedOf(concertId));
  const bytes = Buffer.from(seed, "hex");
  const [kept] = await database.query<{ notes: string }>({
    text: `select string_agg(audit::text, '') as notes from audit`,
  });
  const texts = everythingSaid + String(kept?.notes);
  assert.ok(texts.includes(concertId));
  for (const encoding of ["hex", "base64", "base64url"] as const)
    assert.ok(!texts.includes(bytes.toString(encoding)), encoding);
  assert.ok(!texts.includes("drawSeed"));
});
