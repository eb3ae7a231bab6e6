import assert from "node:assert/strict";
import { test } from "node:test";
import { toId, type ConcertId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { PlaceHistory } from "../domain/place-history.ts";
import type { PeekedPlace } from "../ports/live-places.ts";
import { readAllPlaces } from "./read-all-places.ts";

const idOf = (n: number): ConcertId => toId<"concert">(`0190a1b2-0000-7000-8000-00000000000${n}`);
const userId = toId<"user">("0190a1b2-0000-7000-8000-00000000000f");
const [old, quiet, waited, active] = [1, 2, 3, 4].map(idOf) as [
  ConcertId,
  ConcertId,
  ConcertId,
  ConcertId,
];

const placeOf = (seq: number): PlaceHistory => ({
  place: { epoch: 1, seq },
  status: "ENDED",
  position: null,
  expiresAtMs: null,
  endedReason: "LEFT",
  events: [],
});

const reading = (peek: (concertId: ConcertId) => Promise<PeekedPlace>) => {
  const read: ConcertId[] = [];
  const asked: unknown[] = [];
  const deps = {
    sales: { running: async () => [quiet, waited, active].map((concertId) => ({ concertId })) },
    livePlaces: { peek },
    history: {
      async concertsOf(...query: unknown[]) {
        asked.push(query);
        return [waited, old];
      },
    },
  };
  const all = readAllPlaces(deps as never, async (concertId) => {
    read.push(concertId);
    return { concertId, userId, places: [placeOf(1), placeOf(2)], atMs: 0 };
  });
  return { read, asked, all };
};

const seqsOf = (found: Awaited<ReturnType<ReturnType<typeof reading>["all"]>>) =>
  found.map(({ concertId, place }) => [concertId, place.seq]);

test("the places of a user are those of running queues and of records, newest first", async () => {
  const it = reading(async (concertId) =>
    concertId === active
      ? { kind: "waiting", place: { epoch: 1, seq: 2 }, position: 1 }
      : { kind: "absent" },
  );
  assert.deepEqual(seqsOf(await it.all(userId, 100)), [
    [active, 2],
    [active, 1],
    [waited, 2],
    [waited, 1],
    [old, 2],
    [old, 1],
  ]);
  assert.deepEqual(it.read, [active, waited, old], "a queue without the user is not read");
  assert.deepEqual(it.asked, [[userId, [active, waited, quiet], 100]]);
});

test("at most so many places are read", async () => {
  const it = reading(async () => ({ kind: "absent" }));
  assert.deepEqual(seqsOf(await it.all(userId, 1)), [[waited, 2]]);
  assert.deepEqual(it.read, [waited]);
});

test("while the store of the queue is away the recorded places are read", async () => {
  const it = reading(() => Promise.reject(new Unavailable("away")));
  assert.equal((await it.all(userId, 100)).length, 4);
});
