import assert from "node:assert/strict";
import { test } from "node:test";
import type { UserId } from "#kernel/ids.ts";
import type { PlaceMark, QueueClaims } from "#kernel/place.ts";
import { freeStock, queueFixture } from "#test/support/queue-fixture.ts";
import { newUser } from "../../contracts/queue-store.contract.ts";
import type { OwnedPlace } from "../../admission/ports/queue-store.ts";
import type { TokenClaims } from "../../admission/domain/token-claims.ts";
import { joinQueue } from "../../admission/use-cases/join-queue.ts";
import type { StreamEvent } from "./place-stream.ts";
import { streamPlaces } from "./stream-places.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const summaryOf = (event: StreamEvent): string => {
  if (event.kind !== "status") return event.kind;
  const { status, position, queueState, endedReason } = event.status;
  const place = position ?? endedReason;
  const state = queueState === "OPEN" ? "" : ` ${queueState}`;
  return `${status}${place === null ? "" : ` ${place}`}${state}`;
};

const scene = (policy = {}, streaming: { random?: () => number } = {}) => {
  const made = queueFixture(policy);
  const { deps, clock, concertId } = made;
  const reads: OwnedPlace[][] = [];
  let signed = 0;
  const random = streaming.random ?? (() => 0.5);
  const streams = streamPlaces<StreamEvent>({
    ...deps,
    random,
    tokens: {
      ...deps.tokens,
      renew(shown: QueueClaims, claims: TokenClaims) {
        const isSame = shown.activeUntilSeconds === claims.activeUntil;
        if (!isSame) signed += 1;
        const { activeUntil, ...same } = claims;
        const until = activeUntil === undefined ? {} : { activeUntil };
        return deps.tokens.sign({ ...same, iat: 0, ...until });
      },
    },
    store: {
      ...deps.store,
      getStatuses(id, places) {
        if (places.length > 0) reads.push([...places]);
        return deps.store.getStatuses(id, places);
      },
    },
    nowMs: () => clock.atMs,
    encode: (event) => event,
  });
  const join = joinQueue(deps);
  let seq = 0;
  const joined = async (): Promise<{ userId: UserId; claims: QueueClaims }> => {
    const userId = newUser();
    await join({ concertId, userId });
    seq += 1;
    return { userId, claims: made.claims(userId, { epoch: 1, seq }) };
  };
  const open = async (claims: QueueClaims): Promise<AsyncIterable<StreamEvent>> => {
    const outcome = await streams.open(claims);
    return outcome.kind === "open" ? outcome.stream : assert.fail(outcome.kind);
  };
  /** Starts a reader that takes each event at once. */
  const read = async (claims: QueueClaims) => {
    const all: StreamEvent[] = [];
    const reader = { all, ended: false, taken: () => all.splice(0).map(summaryOf) };
    const stream = await open(claims);
    void (async () => {
      for await (const event of stream) all.push(event);
      reader.ended = true;
    })();
    await turn();
    return reader;
  };
  const tick = async (laterMs = 0): Promise<void> => {
    clock.atMs += laterMs;
    await streams.tick(concertId);
    await turn();
  };
  return { ...made, streams, joined, open, read, tick, reads, signings: () => signed };
};

/** A queue in which no place moves until the test changes it. */
const still = { admissionsPerMinute: 60, maxActive: 1 };

test("a stream begins with the status and a retry time, and is silent while nothing changes", async () => {
  const { joined, read, tick } = scene(still);
  const { claims } = await joined();
  const reader = await read(claims);
  const [first] = reader.all;
  assert.ok(first?.kind === "status" && first.retryMs !== null);
  assert.ok(first.retryMs >= 1_000 && first.retryMs < 5_000);
  assert.deepEqual(reader.taken(), ["WAITING 1"]);
  for (let time = 0; time < 20; time += 1) await tick(250);
  assert.deepEqual(reader.taken(), []);
});

test("a user who is ACTIVE by the token stays ACTIVE while an old snapshot of the store says waiting", async () => {
  const { joined, read, tick, loseStore, deps, concertId, clock } = scene(still);
  const { userId, claims } = await joined();
  loseStore();
  await deps.store.restore(concertId, userId, claims, null);
  const reader = await read({ ...claims, activeUntilSeconds: clock.atMs / 1_000 + 600 });
  for (let time = 0; time < 40; time += 1) await tick(250);
  assert.deepEqual([...new Set(reader.taken())], ["ACTIVE RECOVERING", "heartbeat"]);
});

test("a stream sends each new position and the admission with its token, which is signed once", async () => {
  const { joined, read, tick, pass, signings, deps, concertId } = scene(still);
  const [first, second] = [await joined(), await joined()];
  const reader = await read(second.claims);
  await pass();
  await tick(250);
  await deps.store.end(concertId, first.userId, first.claims, "LEFT");
  await tick(250);
  await pass();
  await tick(1_000);
  await pass();
  await tick(1_000);
  const { all } = reader;
  const last = all.at(-1);
  assert.deepEqual(reader.taken(), ["WAITING 2", "WAITING 1", "ACTIVE"]);
  assert.ok(last?.kind === "status" && last.retryMs === null);
  const claims = deps.tokens.read(last.status.token);
  assert.equal((claims?.activeUntilSeconds ?? 0) * 1_000 >= (last.status.expiresAtMs ?? 0), true);
  for (let time = 0; time < 5; time += 1) await tick(2_000);
  assert.deepEqual([reader.taken(), signings()], [["heartbeat"], 1]);
});

test("a stream sends an estimate again when it has changed by more than a tenth", async () => {
  const { joined, read, tick, change, world } = scene({ ...still, maxActive: 10_000 });
  const policyWith = (admissionsPerMinute: number): void => {
    const { schedule } = world;
    assert.ok(schedule);
    change({ policy: { ...schedule.policy, admissionsPerMinute } });
  };
  world.stock = { ...freeStock, available: 5_000, total: 5_000 };
  policyWith(60);
  for (let count = 0; count < 200; count += 1) await joined();
  const { claims } = await joined();
  const reader = await read(claims);
  assert.equal(reader.taken().length, 1, "the first estimate");
  policyWith(63);
  await tick(2_000);
  assert.equal(reader.taken().length, 0);
  policyWith(75);
  await tick(2_000);
  assert.equal(reader.taken().length, 1);
});

test("a stream sends a status again when seats have become unlikely", async () => {
  const { joined, read, tick, world } = scene({ ...still, maxActive: 10_000 });
  world.stock = { ...freeStock, available: 5_000, total: 5_000 };
  for (let count = 0; count < 200; count += 1) await joined();
  const reader = await read((await joined()).claims);
  const lastSeatsLikely = () => {
    const last = reader.all.at(-1);
    return last?.kind === "status" ? last.status.seatsLikely : assert.fail("no status");
  };
  assert.equal(lastSeatsLikely(), "likely");
  world.stock = { ...freeStock, available: 3 };
  await tick(2_000);
  assert.equal(lastSeatsLikely(), "unlikely");
});

test("a place that ends sends the reason, and its stream ends", async () => {
  const { joined, read, tick, deps, concertId, streams } = scene(still);
  const { claims, userId } = await joined();
  const reader = await read(claims);
  await deps.store.end(concertId, userId, claims, "PAID");
  await tick(2_000);
  assert.deepEqual([reader.taken(), reader.ended], [["WAITING 1", "ENDED PAID"], true]);
  assert.deepEqual(streams.concerts(), []);
  const late = await read(claims);
  assert.deepEqual([late.taken(), late.ended], [["ENDED PAID"], true]);
  assert.deepEqual(streams.concerts(), []);
});

test("a place that ended with a closing waits for the closing to be read, so that its last event tells a cancelled concert", async () => {
  const { joined, read, tick, pass, change, clock } = scene(still);
  await joined();
  await pass();
  const reader = await read((await joined()).claims);
  assert.deepEqual(reader.taken(), ["WAITING 1"]);
  change({ closedAtMs: clock.atMs });
  await pass();
  change({ closedAtMs: null });
  await tick(2_000);
  assert.deepEqual([reader.all, reader.ended], [[], false]);
  change({ closedAtMs: clock.atMs, cancelledAtMs: clock.atMs });
  await tick();
  const [last] = reader.all;
  assert.equal(last?.kind === "status" && last.status.cancelledAtMs, clock.atMs);
});

test("a cancelling is told to an ACTIVE user at once", async () => {
  const { joined, read, tick, pass, change } = scene();
  const reader = await read((await joined()).claims);
  await pass();
  await tick();
  reader.taken();
  change({ closedAtMs: 1, cancelledAtMs: 1 });
  await tick(1);
  const [sent] = reader.all;
  assert.equal(sent?.kind === "status" && sent.status.cancelledAtMs, 1);
});

test("a stream sends a heartbeat after 10 s of silence and repeats the status every 30 s", async () => {
  const { joined, read, tick, clock } = scene(still);
  const reader = await read((await joined()).claims);
  reader.taken();
  const startMs = clock.atMs;
  const spoke: [number, string][] = [];
  while (clock.atMs - startMs < 60_000) {
    await tick(250);
    for (const said of reader.taken()) spoke.push([clock.atMs - startMs, said]);
  }
  assert.ok(spoke.every(([at], index) => at - (spoke[index - 1]?.[0] ?? 0) <= 10_000));
  const statuses = spoke.filter(([, said]) => said === "WAITING 1").map(([at]) => at);
  assert.equal(statuses.length, 1, JSON.stringify(spoke));
  assert.ok((statuses[0] ?? 0) <= 32_000);
});

test("a slow reader gets only the newest status", async () => {
  const { joined, open, tick, deps, concertId } = scene(still);
  const ahead = [await joined(), await joined(), await joined()];
  const { claims } = await joined();
  const reader = (await open(claims))[Symbol.asyncIterator]();
  const said = async (): Promise<string> => summaryOf((await reader.next()).value as StreamEvent);
  assert.equal(await said(), "WAITING 4");
  for (const one of ahead) {
    await deps.store.end(concertId, one.userId, one.claims, "LEFT");
    await tick(2_000);
  }
  assert.equal(await said(), "WAITING 1");
  const waits = reader.next();
  await deps.store.end(concertId, claims.userId, claims, "LEFT");
  await tick(2_000);
  assert.equal(summaryOf((await waits).value as StreamEvent), "ENDED LEFT");
  assert.equal((await reader.next()).done, true);
});

test("the place of a reader that takes nothing for 30 s is no longer read", async () => {
  const { joined, open, tick, reads } = scene(still);
  const reader = (await open((await joined()).claims))[Symbol.asyncIterator]();
  await reader.next();
  for (let time = 0; time < 20; time += 1) await tick(2_000);
  reads.length = 0;
  for (let time = 0; time < 5; time += 1) await tick(2_000);
  assert.equal(reads.length, 0);
  const waits = reader.next();
  await tick(2_000);
  assert.equal(reads.length, 1);
  await reader.return?.();
  await waits;
});

test("a fourth stream of a place ends the oldest with `replaced` and leaves other places alone", async () => {
  const { joined, read, streams } = scene(still);
  const [mine, other] = [await joined(), await joined()];
  const others = await read(other.claims);
  const readers = [];
  for (let count = 0; count < 5; count += 1) readers.push(await read(mine.claims));
  assert.deepEqual(
    readers.map((reader) => [reader.taken().join(), reader.ended]),
    [
      ["WAITING 1,replaced", true],
      ["WAITING 1,replaced", true],
      ["WAITING 1", false],
      ["WAITING 1", false],
      ["WAITING 1", false],
    ],
  );
  assert.deepEqual([others.taken(), others.ended], [["WAITING 2"], false]);
  assert.equal(streams.concerts().length, 1);
});

test("streams that are closed in any order leave no entries", async () => {
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 0, 2],
    [1, 2, 0],
  ]) {
    const { joined, open, streams, tick, reads } = scene(still);
    const { claims } = await joined();
    const readers = [];
    for (let count = 0; count < 3; count += 1) {
      const reader = (await open(claims))[Symbol.asyncIterator]();
      await reader.next();
      readers.push(reader);
    }
    const waits = readers.map((reader) => reader.next());
    for (const [gone, index] of order.entries()) {
      assert.equal(streams.concerts().length, 1);
      assert.equal((await readers[index]?.return?.())?.done, true);
      assert.equal((await waits[index])?.done, true);
      reads.length = 0;
      await tick(2_000);
      assert.equal(reads.flat().length, 2 - gone, "each remaining stream is read");
    }
    assert.deepEqual(streams.concerts(), []);
  }
});

test("a stream without a reader causes no reads", async () => {
  const { joined, open, streams } = scene(still);
  await open((await joined()).claims);
  assert.deepEqual(streams.concerts(), []);
});

test("a place is read every 2 s, and at once when as many users as its position have left the queue", async () => {
  const { joined, read, tick, reads, pass, change, world } = scene({ ...still, maxActive: 1_000 });
  for (let count = 0; count < 70; count += 1) await joined();
  const reader = await read((await joined()).claims);
  await tick();
  reads.length = 0;
  for (let time = 0; time < 20; time += 1) await tick(200);
  assert.equal(reads.length, 2);
  reader.taken();
  const { schedule } = world;
  assert.ok(schedule);
  change({ policy: { ...schedule.policy, admissionsPerMinute: 60_000 } });
  await pass();
  reads.length = 0;
  await tick(2_000);
  assert.deepEqual(reader.taken(), ["ACTIVE"]);
  assert.equal(reads.flat().length, 1, "a place that is due for both reasons is read once");
});

test("a change of the queue's state is sent to all streams at once", async () => {
  const { joined, read, tick, change, clock, world } = scene(still);
  const readers = [];
  for (let count = 0; count < 30; count += 1) readers.push(await read((await joined()).claims));
  await tick();
  for (const reader of readers) reader.taken();
  change({ pausedAtMs: clock.atMs });
  await tick(1);
  readers.forEach((reader, index) => {
    assert.deepEqual(reader.taken(), [`WAITING ${index + 1} PAUSED`]);
  });
  world.stock = { available: 0, held: 0, mayReturn: 0, sold: 50, total: 50, hasEnded: false };
  await tick(1);
  for (const reader of readers) {
    assert.deepEqual([reader.taken(), reader.ended], [["ENDED SOLD_OUT SOLD_OUT"], true]);
  }
});

test("one step reads at most 500 places, and each place is read once", async () => {
  const { joined, read, tick, reads } = scene(still);
  const readers = [];
  for (let count = 0; count < 1_100; count += 1) readers.push(await read((await joined()).claims));
  await tick(2_000);
  assert.deepEqual(
    reads.map((places) => places.length),
    [500, 500, 100],
  );
  assert.equal(new Set(reads.flat().map(({ userId }) => userId)).size, 1_100);
});

test("while the store is unreachable, waiting users get `unavailable` once and ACTIVE users do not; then all get the status", async () => {
  const { joined, read, tick, pass, away } = scene(still);
  const [buyer, waiting] = [await joined(), await joined()];
  await pass();
  const readers = [await read(buyer.claims), await read(waiting.claims)];
  await tick();
  const said = () => readers.map((reader) => reader.taken());
  assert.deepEqual(said(), [["ACTIVE"], ["WAITING 1"]]);
  away.store = true;
  await tick(200);
  await tick(200);
  assert.deepEqual(said(), [[], []]);
  for (let time = 0; time < 5; time += 1) await tick(200);
  assert.deepEqual(said(), [[], ["unavailable"]]);
  for (let time = 0; time < 50; time += 1) await tick(200);
  assert.deepEqual(said(), [["heartbeat"], ["heartbeat"]]);
  away.store = false;
  await tick(200);
  assert.deepEqual(said(), [["ACTIVE"], ["WAITING 1"]]);
});

test("a store that fails at single ticks causes no `unavailable`", async () => {
  const { joined, read, tick, away } = scene(still);
  const reader = await read((await joined()).claims);
  reader.taken();
  for (let time = 0; time < 9; time += 1) {
    away.store = time % 3 !== 2;
    await tick(200);
  }
  assert.deepEqual(reader.taken(), []);
});

test("a place that cannot be resolved while the database is unreachable does not affect other streams", async () => {
  const { joined, read, tick, away, deps } = scene(still);
  const [known, lost] = [await joined(), await joined()];
  const readers = [await read(known.claims), await read(lost.claims)];
  const { getStatuses } = deps.store;
  deps.store.getStatuses = async (id, places) => {
    const { snapshot, statuses } = await getStatuses(id, places);
    const isLost = (index: number): boolean => places[index]?.userId === lost.userId;
    const unknown = { kind: "unknown" } as const;
    return { snapshot, statuses: statuses.map((it, index) => (isLost(index) ? unknown : it)) };
  };
  away.database = true;
  for (let time = 0; time < 8; time += 1) await tick(200);
  assert.deepEqual(
    readers.map((reader) => reader.taken()),
    [["WAITING 1"], ["WAITING 2"]],
  );
});

test("a reader that was slow during an outage gets the status, not the past `unavailable`", async () => {
  const { joined, open, tick, away } = scene(still);
  const reader = (await open((await joined()).claims))[Symbol.asyncIterator]();
  const said = async (): Promise<string> => summaryOf((await reader.next()).value as StreamEvent);
  assert.equal(await said(), "WAITING 1");
  away.store = true;
  for (let time = 0; time < 4; time += 1) await tick(200);
  away.store = false;
  await tick(2_000);
  assert.equal(await said(), "WAITING 1");
  const waits = reader.next();
  await tick(12_000);
  assert.equal(summaryOf((await waits).value as StreamEvent), "heartbeat");
});

test("the stream of an ended place does not count against the streams of the user's newer place", async () => {
  const { joined, read, deps, concertId, claims } = scene(still);
  const { userId, claims: old } = await joined();
  await deps.store.end(concertId, userId, old, "LEFT");
  await joinQueue(deps)({ concertId, userId });
  const readers = [];
  for (let count = 0; count < 3; count += 1) {
    readers.push(await read(claims(userId, { epoch: 1, seq: 2 })));
  }
  const late = await read(old);
  assert.deepEqual(late.taken(), ["ENDED LEFT"]);
  for (const reader of readers)
    assert.deepEqual([reader.taken(), reader.ended], [["WAITING 1"], false]);
});

test("a place that the store has lost is restored for its stream, with a retry while the database is unreachable", async () => {
  const { joined, read, tick, loseStore, away, deps, concertId } = scene(still);
  const users = [await joined(), await joined()];
  const readers = [];
  for (const { claims } of users) readers.push(await read(claims));
  await tick();
  loseStore();
  const placeStatuses = async () => {
    const { statuses } = await deps.store.getStatuses(
      concertId,
      users.map(({ claims }) => claims),
    );
    return statuses.map(({ kind }) => kind);
  };
  assert.deepEqual(await placeStatuses(), ["unknown", "unknown"]);
  away.database = true;
  await tick(2_000);
  assert.deepEqual(await placeStatuses(), ["unknown", "unknown"]);
  away.database = false;
  await tick(200);
  assert.deepEqual(await placeStatuses(), ["waiting", "waiting"]);
  for (const reader of readers) {
    assert.ok(reader.taken().every((said) => said.startsWith("WAITING")));
    assert.equal(reader.ended, false);
  }
});

test("streams end after some minutes with `reconnect`, not all at the same time", async () => {
  const lives = [];
  for (const random of [0, 0.99]) {
    const { joined, read, tick, clock } = scene(still, { random: () => random });
    const reader = await read((await joined()).claims);
    const startMs = clock.atMs;
    while (!reader.ended && clock.atMs - startMs < 3_600_000) await tick(2_000);
    const last = reader.all.at(-1);
    assert.ok(last?.kind === "reconnect" && last.retryMs <= 500);
    lives.push((clock.atMs - startMs) / 60_000);
  }
  assert.deepEqual(
    lives.map((minutes) => Math.round(minutes)),
    [4, 6],
  );
});

test("a stream that is ended from outside returns `reconnect` with a retry time", async () => {
  const { joined, open } = scene(still);
  const reader = (await open((await joined()).claims))[Symbol.asyncIterator]();
  await reader.next();
  const last = (await reader.return?.())?.value as StreamEvent;
  assert.ok(last.kind === "reconnect" && last.retryMs >= 500 && last.retryMs < 5_500);
});

test("an unknown concert has no streams", async () => {
  const { streams, claims, world } = scene(still);
  world.schedule = null;
  const place: PlaceMark = { epoch: 1, seq: 1 };
  assert.deepEqual(await streams.open(claims(newUser(), place)), { kind: "unknown-concert" });
});
