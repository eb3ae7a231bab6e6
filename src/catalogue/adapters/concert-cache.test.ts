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
  ...initialSettings(initialPolicy({ opensAtMs: startMs }, 0), null),
  ...changes,
});

/** Records that hold what `kept` says, note what they are asked, and answer when `gate` lets them. */
const setting = (kept: Concert[] = [], limits: Partial<ConcertCacheLimits> = {}) => {
  const clock = { atMs: startMs + 1_000, nowMs: () => clock.atMs };
  const loads: ConcertId[][] = [];
  const reads: { ids: ConcertId[]; window: RunningWindow }[] = [];
  const world = {
    kept: new Map(kept.map((one) => [one.concertId, one])),
    running: new Set<ConcertId>(),
    gate: Promise.resolve(),
    away: false,
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
        return answer(() => [...named].flatMap((one) => world.kept.get(one) ?? []));
      },
    },
  });
  return { cache, clock, loads, reads, world };
};

test("a concert is looked up once, whoever asks", async () => {
  const { cache, loads } = setting([concert(1)]);
  assert.equal((await cache.find(id(1)))?.title, "Concert 1");
  await cache.find(id(1));
  assert.deepEqual(loads, [[id(1)]]);
});

test("those who ask for the same id at once share one look-up", async () => {
  const { cache, loads } = setting([concert(1)]);
  const found = await Promise.all([1, 1, 1].map((n) => cache.find(id(n))));
  assert.ok(found.every((one) => one?.concertId === id(1)));
  assert.deepEqual(loads, [[id(1)]]);
});

test("an id that names nothing is not looked up again within a second, and then once more", async () => {
  const { cache, loads, clock } = setting();
  assert.equal(await cache.find(id(9)), null);
  clock.atMs += 999;
  assert.equal(await cache.find(id(9)), null);
  assert.equal(loads.length, 1);
  clock.atMs += 1;
  assert.equal(await cache.find(id(9)), null);
  assert.equal(loads.length, 2);
});

test("a clock that is set back does not make an absence last", async () => {
  const { cache, clock, world } = setting();
  await cache.find(id(1));
  world.kept.set(id(1), concert(1));
  clock.atMs -= 3_600_000;
  assert.equal((await cache.find(id(1)))?.title, "Concert 1");
});

test("what is known to be absent is bounded: the oldest goes", async () => {
  const { cache, loads } = setting([], { absentMax: 2 });
  for (const n of [1, 2, 3]) await cache.find(id(n));
  await cache.find(id(3));
  assert.equal(loads.length, 3);
  await cache.find(id(1));
  assert.equal(loads.length, 4);
});

test("a flood of unknown ids is one look-up at a time, together and bounded", async () => {
  const { cache, loads, world } = setting([concert(3)], { batchMax: 4 });
  const gate = Promise.withResolvers<void>();
  world.gate = gate.promise;
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const asked = [cache.find(id(1))];
  await turn();
  asked.push(...[2, 3, 4, 5, 6, 7].map((n) => cache.find(id(n))));
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

test("beyond the bound of look-ups the server sheds load", async () => {
  const { cache, world } = setting([], { lookupsMax: 2 });
  const gate = Promise.withResolvers<void>();
  world.gate = gate.promise;
  const waiting = [cache.find(id(1)), cache.find(id(2))];
  await assert.rejects(cache.find(id(3)), Unavailable);
  gate.resolve();
  assert.deepEqual(await Promise.all(waiting), [null, null]);
});

test("a look-up that fails fails all who wait for it, and is forgotten", async () => {
  const { cache, world } = setting([concert(1)]);
  world.away = true;
  const failed = await Promise.allSettled([cache.find(id(1)), cache.find(id(1))]);
  assert.ok(failed.every(({ status }) => status === "rejected"));
  world.away = false;
  assert.equal((await cache.find(id(1)))?.title, "Concert 1");
});

test("a refresh brings changed settings of everything known, without a whole load", async () => {
  const { cache, loads, reads, world } = setting([concert(1)]);
  await cache.find(id(1));
  world.kept.set(id(1), concert(1, { version: 2, pausedAtMs: 7 }));
  await cache.refresh();
  assert.equal((await cache.find(id(1)))?.pausedAtMs, 7);
  assert.deepEqual(reads[0]?.ids, [id(1)]);
  assert.equal(loads.length, 1);
});

test("a refresh loads running concerts that nobody has asked for", async () => {
  const { cache, loads, world } = setting([concert(1), concert(2), concert(3)], { batchMax: 2 });
  for (const n of [1, 2, 3]) world.running.add(id(n));
  await cache.refresh();
  assert.deepEqual(
    loads.map((ids) => ids.length),
    [2, 1],
  );
  assert.equal((await cache.running()).length, 3);
});

test("the window of a refresh covers all that may have something to do", async () => {
  const { cache, reads, clock } = setting();
  await cache.refresh();
  const window = reads[0]?.window;
  assert.equal(window?.opensBeforeMs, clock.atMs + 60_000);
  assert.equal(window?.closedAfterMs, clock.atMs - 86_400_000 - 7 * 86_400_000);
  assert.equal(window?.lastShowAfterMs, window?.closedAfterMs);
});

test("while the database is away the last known is used", async () => {
  const { cache, world } = setting([concert(1)]);
  await cache.refresh();
  await cache.find(id(1));
  world.away = true;
  await assert.rejects(cache.refresh(), Unavailable);
  assert.equal((await cache.find(id(1)))?.title, "Concert 1");
  assert.equal((await cache.running()).length, 1);
});

test("no request waits for a refresh of what is known", async () => {
  const { cache, world } = setting([concert(1)]);
  await cache.find(id(1));
  const gate = Promise.withResolvers<void>();
  world.gate = gate.promise;
  const refresh = cache.refresh();
  assert.equal((await cache.find(id(1)))?.title, "Concert 1");
  gate.resolve();
  await refresh;
});

test("one refresh runs at a time: who asks meanwhile joins it", async () => {
  const { cache, reads } = setting();
  await Promise.all([cache.refresh(), cache.refresh()]);
  assert.equal(reads.length, 1);
  await cache.refresh();
  assert.equal(reads.length, 2);
});

test("settings changed here hold at once, also against a refresh that read older ones", async () => {
  const { cache, world } = setting([concert(1)]);
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

test("settings of a concert that is not known are ignored: it will be loaded whole", async () => {
  const { cache, loads } = setting([concert(1)]);
  cache.putSettings(id(1), concert(1, { version: 3 }));
  assert.equal((await cache.find(id(1)))?.version, 1);
  assert.equal(loads.length, 1);
});

test("a concert made here is known at once, even where it was absent before", async () => {
  const { cache, loads } = setting();
  await cache.find(id(1));
  cache.put(concert(1));
  assert.equal((await cache.find(id(1)))?.title, "Concert 1");
  assert.equal(loads.length, 1);
});

test("a concert learnt twice keeps its newest settings", async () => {
  const { cache } = setting();
  cache.put(concert(1, { version: 2 }));
  cache.put(concert(1));
  assert.equal((await cache.find(id(1)))?.version, 2);
});

test("what is known is bounded: the one learnt first goes", async () => {
  const { cache, loads } = setting(
    [1, 2, 3].map((n) => concert(n)),
    { concertsMax: 2 },
  );
  for (const n of [1, 2, 3, 3]) await cache.find(id(n));
  assert.equal(loads.length, 3);
  await cache.find(id(1));
  assert.equal(loads.length, 4);
});

test("a concert that is over and that nobody asks for is forgotten; a running one stays", async () => {
  const over = concert(1, { dates: [{ date: "1970-01-02", startsAtMs: 86_400_000 }] });
  const { cache, loads, clock } = setting([over, concert(2)]);
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

test("running concerts are those with something to do", async () => {
  const { cache, clock } = setting();
  cache.put(concert(1));
  cache.put(concert(2, { policy: initialPolicy({ opensAtMs: startMs + 3_600_000 }, 0) }));
  assert.deepEqual(
    (await cache.running()).map(({ concertId }) => concertId),
    [id(1)],
  );
  clock.atMs += 3_600_000;
  assert.equal((await cache.running()).length, 2);
});

test("before the first refresh the running concerts cannot be told", async () => {
  const { cache, world } = setting();
  world.away = true;
  await assert.rejects(cache.running(), Unavailable);
  world.away = false;
  assert.deepEqual(await cache.running(), []);
});
