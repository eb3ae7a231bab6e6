import assert from "node:assert/strict";
import { test } from "node:test";
import { toId, type ConcertId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { type Concert, initialSettings } from "../domain/concert.ts";
import { initialPolicy } from "../domain/policy.ts";
import type { RunningWindow } from "../ports/concert-records.ts";
import { concertCache, type ConcertCacheLimits } from "./concert-cache.ts";

const id = (n: number): ConcertId => toId(`0190a1b2-0000-7000-8000-${String(n).padStart(12, "0")}`);
const startMs = 1_000_000_000;

const concert = (n: number, changes: Partial<Concert> = {}): Concert => ({
  concertId: id(n),
  title: `Concert ${n}`,
  venue: null,
  timeZone: "UTC",
  currency: "KRW",
  dates: [{ date: "1970-01-31", startsAtMs: startMs + 864_000_000 }],
  priceRange: { min: 1, max: 1 },
  grades: [{ name: "STANDARD", price: 1 }],
  description: null,
  posterUrl: null,
  ageRating: null,
  publishedAtMs: 0,
  isDraft: false,
  ...initialSettings(initialPolicy({ opensAtMs: startMs }, 0), null),
  ...changes,
});

/** Stub records with the concerts `kept`; they log each call and answer when `gate` resolves. */
const fixture = (kept: Concert[] = [], limits: Partial<ConcertCacheLimits> = {}) => {
  const clock = { atMs: startMs + 1_000, nowMs: () => clock.atMs };
  const loads: ConcertId[][] = [];
  const reads: { ids: ConcertId[]; window: RunningWindow }[] = [];
  const world = {
    kept: new Map(kept.map((one) => [one.concertId, one])),
    running: new Set<ConcertId>(),
    gate: Promise.resolve(),
    away: false,
    factsVersion: 1,
  };
  const answer = async <T>(read: () => T): Promise<T> => {
    const isAway = world.away;
    await world.gate;
    if (isAway) throw new Unavailable("the database is away");
    return read();
  };
  const cache = concertCache({
    clock,
    limits,
    records: {
      load: (ids) => {
        loads.push([...ids]);
        return answer(() => ids.flatMap((one) => world.kept.get(one) ?? []));
      },
      settings: (ids, window) => {
        reads.push({ ids: [...ids], window });
        const named = new Set([...ids, ...world.running]);
        const { factsVersion } = world;
        return answer(() =>
          [...named].flatMap((one) => {
            const found = world.kept.get(one);
            return found === undefined ? [] : [{ ...found, factsVersion }];
          }),
        );
      },
    },
  });
  return { cache, clock, loads, reads, world };
};

test("a second request for a concert is answered from the cache", async () => {
  const { cache, loads } = fixture([concert(1)]);
  assert.equal((await cache.find(id(1)))?.title, "Concert 1");
  await cache.find(id(1));
  assert.deepEqual(loads, [[id(1)]]);
});

test("a cached concert, and an id that names none, are answered at once, not by a promise", async () => {
  const { cache } = fixture([concert(1)]);
  assert.ok(cache.find(id(1)) instanceof Promise);
  await Promise.all([1, 2].map(async (n) => cache.find(id(n))));
  assert.deepEqual(cache.find(id(1)), concert(1));
  assert.equal(cache.find(id(2)), null);
});

test("concurrent requests for the same id share one lookup", async () => {
  const { cache, loads } = fixture([concert(1)]);
  const found = await Promise.all([1, 1, 1].map(async (n) => cache.find(id(n))));
  assert.ok(found.every((one) => one?.concertId === id(1)));
  assert.deepEqual(loads, [[id(1)]]);
});

test("an unknown id is not looked up again for one second", async () => {
  const { cache, loads, clock } = fixture();
  assert.equal(await cache.find(id(9)), null);
  clock.atMs += 999;
  assert.equal(await cache.find(id(9)), null);
  assert.equal(loads.length, 1);
  clock.atMs += 1;
  assert.equal(await cache.find(id(9)), null);
  assert.equal(loads.length, 2);
});

test("a clock that is set back does not extend a negative entry", async () => {
  const { cache, clock, world } = fixture();
  await cache.find(id(1));
  world.kept.set(id(1), concert(1));
  clock.atMs -= 3_600_000;
  assert.equal((await cache.find(id(1)))?.title, "Concert 1");
});

test("the negative cache is bounded and evicts its oldest entry", async () => {
  const { cache, loads } = fixture([], { absentMax: 2 });
  for (const n of [1, 2, 3]) await cache.find(id(n));
  await cache.find(id(3));
  assert.equal(loads.length, 3);
  await cache.find(id(1));
  assert.equal(loads.length, 4);
});

test("many unknown ids are looked up in bounded batches, one batch at a time", async () => {
  const { cache, loads, world } = fixture([concert(3)], { batchMax: 4 });
  const gate = Promise.withResolvers<void>();
  world.gate = gate.promise;
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const find = async (n: number) => cache.find(id(n));
  const asked = [find(1)];
  await turn();
  asked.push(...[2, 3, 4, 5, 6, 7].map(find));
  await turn();
  assert.deepEqual(loads, [[id(1)]]);
  gate.resolve();
  const found = await Promise.all(asked);
  assert.deepEqual(
    found.map((one) => one?.title ?? null),
    [null, null, "Concert 3", null, null, null, null],
  );
  assert.deepEqual(
    loads.map((ids) => ids.length),
    [1, 4, 2],
  );
});

test("a lookup beyond the bound throws Unavailable", async () => {
  const { cache, world } = fixture([], { lookupsMax: 2 });
  const gate = Promise.withResolvers<void>();
  world.gate = gate.promise;
  const waiting = [1, 2].map(async (n) => cache.find(id(n)));
  await assert.rejects(async () => cache.find(id(3)), Unavailable);
  gate.resolve();
  assert.deepEqual(await Promise.all(waiting), [null, null]);
});

test("a failed lookup fails every waiting caller and is not cached", async () => {
  const { cache, world } = fixture([concert(1)]);
  world.away = true;
  const failed = await Promise.allSettled([cache.find(id(1)), cache.find(id(1))]);
  assert.ok(failed.every(({ status }) => status === "rejected"));
  world.away = false;
  assert.equal((await cache.find(id(1)))?.title, "Concert 1");
});

test("a refresh reads only the settings of cached concerts", async () => {
  const { cache, loads, reads, world } = fixture([concert(1)]);
  await cache.find(id(1));
  world.kept.set(id(1), concert(1, { version: 2, pausedAtMs: 7 }));
  await cache.refresh();
  assert.equal((await cache.find(id(1)))?.pausedAtMs, 7);
  assert.deepEqual(reads[0]?.ids, [id(1)]);
  assert.equal(loads.length, 1);
});

test("a refresh loads running concerts that were not requested", async () => {
  const { cache, loads, world } = fixture([concert(1), concert(2), concert(3)], { batchMax: 2 });
  for (const n of [1, 2, 3]) world.running.add(id(n));
  await cache.refresh();
  assert.deepEqual(
    loads.map((ids) => ids.length),
    [2, 1],
  );
  assert.equal((await cache.running()).length, 3);
});

test("the window of a refresh covers every running concert", async () => {
  const { cache, reads, clock } = fixture();
  await cache.refresh();
  const window = reads[0]?.window;
  assert.equal(window?.opensBeforeMs, clock.atMs + 60_000);
  assert.equal(window?.closedAfterMs, clock.atMs - 86_400_000 - 7 * 86_400_000);
  assert.equal(window?.lastShowAfterMs, window?.closedAfterMs);
});

test("while the database is away the cached concert is answered", async () => {
  const { cache, world } = fixture([concert(1)]);
  await cache.refresh();
  await cache.find(id(1));
  world.away = true;
  await assert.rejects(cache.refresh(), Unavailable);
  assert.equal((await cache.find(id(1)))?.title, "Concert 1");
  assert.equal((await cache.running()).length, 1);
});

test("a request for a cached concert does not wait for a refresh", async () => {
  const { cache, world } = fixture([concert(1)]);
  await cache.find(id(1));
  const gate = Promise.withResolvers<void>();
  world.gate = gate.promise;
  const refresh = cache.refresh();
  assert.equal((await cache.find(id(1)))?.title, "Concert 1");
  gate.resolve();
  await refresh;
});

test("a refresh during a refresh gets the same result", async () => {
  const { cache, reads } = fixture();
  await Promise.all([cache.refresh(), cache.refresh()]);
  assert.equal(reads.length, 1);
  await cache.refresh();
  assert.equal(reads.length, 2);
});

test("settings changed here apply at once, also when a refresh has read older ones", async () => {
  const { cache, world } = fixture([concert(1)]);
  await cache.find(id(1));
  const gate = Promise.withResolvers<void>();
  world.gate = gate.promise;
  const refresh = cache.refresh();
  cache.putSettings(id(1), concert(1, { version: 3, closedAtMs: 5 }));
  assert.equal((await cache.find(id(1)))?.closedAtMs, 5);
  gate.resolve();
  await refresh;
  assert.equal((await cache.find(id(1)))?.closedAtMs, 5);
  cache.putSettings(id(1), concert(1, { version: 2, closedAtMs: null }));
  assert.equal((await cache.find(id(1)))?.version, 3);
});

test("settings of a concert that is not cached are ignored", async () => {
  const { cache, loads } = fixture([concert(1)]);
  cache.putSettings(id(1), concert(1, { version: 3 }));
  assert.equal((await cache.find(id(1)))?.version, 1);
  assert.equal(loads.length, 1);
});

test("a concert created here is cached at once, also after a negative entry", async () => {
  const { cache, loads } = fixture();
  await cache.find(id(1));
  cache.put(concert(1));
  assert.equal((await cache.find(id(1)))?.title, "Concert 1");
  assert.equal(loads.length, 1);
});

test("a concert that is put twice keeps its newest settings", async () => {
  const { cache } = fixture();
  cache.put(concert(1, { version: 2 }));
  cache.put(concert(1));
  assert.equal((await cache.find(id(1)))?.version, 2);
});

test("the cache is bounded and evicts the concert that was added first", async () => {
  const { cache, loads } = fixture(
    [1, 2, 3].map((n) => concert(n)),
    { concertsMax: 2 },
  );
  for (const n of [1, 2, 3, 3]) await cache.find(id(n));
  assert.equal(loads.length, 3);
  await cache.find(id(1));
  assert.equal(loads.length, 4);
});

test("an idle concert that is over is evicted; a running one stays", async () => {
  const over = concert(1, { dates: [{ date: "1970-01-02", startsAtMs: 86_400_000 }] });
  const { cache, loads, clock } = fixture([over, concert(2)]);
  await cache.find(id(1));
  await cache.find(id(2));
  clock.atMs += 599_999;
  await cache.refresh();
  await cache.find(id(1));
  clock.atMs += 600_000;
  await cache.refresh();
  await cache.find(id(2));
  assert.equal(loads.length, 2);
  await cache.find(id(1));
  assert.equal(loads.length, 3);
});

test("the running concerts are those that isRunning accepts", async () => {
  const { cache, clock } = fixture();
  cache.put(concert(1));
  cache.put(concert(2, { policy: initialPolicy({ opensAtMs: startMs + 3_600_000 }, 0) }));
  assert.deepEqual(
    (await cache.running()).map(({ concertId }) => concertId),
    [id(1)],
  );
  clock.atMs += 3_600_000;
  assert.equal((await cache.running()).length, 2);
});

test("running throws Unavailable before the first refresh has succeeded", async () => {
  const { cache, world } = fixture();
  world.away = true;
  await assert.rejects(cache.running(), Unavailable);
  world.away = false;
  assert.deepEqual(await cache.running(), []);
});

test("a concert that another instance has corrected is loaded again, whatever changed after it", async () => {
  const { cache, world, loads } = fixture([concert(1)]);
  const first = await cache.find(id(1));
  assert.ok(first);
  world.kept.set(id(1), { ...first, title: "Corrected", version: first.version + 2 });
  world.factsVersion = first.version + 1;
  cache.putSettings(id(1), { ...first, version: first.version + 2 });
  await cache.refresh();
  assert.equal((await cache.find(id(1)))?.title, "Corrected");
  const { length } = loads;
  await cache.refresh();
  assert.equal(loads.length, length);
});
