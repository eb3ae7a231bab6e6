import assert from "node:assert/strict";
import { test } from "node:test";
import { toId, type ConcertId } from "#kernel/ids.ts";
import type { QueueState } from "#kernel/queue-forecasts.ts";
import type { Concert } from "../domain/concert.ts";
import type { ConcertSlice } from "../ports/concert-records.ts";
import { findConcerts, type FindConcerts } from "./find-concerts.ts";

const idOf = (n: number): ConcertId =>
  toId<"concert">(`0190a1b2-0000-7000-8000-${String(n).padStart(12, "0")}`);

/** Concerts 1 to `count`, newest first, each in the state that `stateOf` says. */
const finding = (count: number, stateOf: (n: number) => QueueState) => {
  const slices: ConcertSlice[] = [];
  const ids = Array.from({ length: count }, (_, n) => idOf(count - n));
  const find = findConcerts({
    records: {
      async page(slice) {
        slices.push(slice);
        return ids.filter((id) => slice.after === null || id < slice.after).slice(0, slice.limit);
      },
    },
    cache: { find: async (concertId) => ({ concertId }) as Concert },
    monitor: { getState: async (id) => stateOf(Number(id.slice(-12))) },
  });
  const ask = async (query: Partial<FindConcerts>) => {
    const all = { limit: 2, after: null, text: null, state: null, isOver: null };
    const { found, next } = await find({ ...all, ...query });
    return {
      numbers: found.map(({ concert }) => Number(concert.concertId.slice(-12))),
      next: next === null ? null : Number(next.slice(-12)),
    };
  };
  return { ask, slices };
};

test("without a state one statement reads a page, with the text and whether sales are over", async () => {
  const { ask, slices } = finding(3, () => "OPEN");
  assert.deepEqual(await ask({ text: "hall", isOver: false }), { numbers: [3, 2], next: 2 });
  assert.deepEqual(await ask({ after: idOf(2) }), { numbers: [1], next: null });
  const [first] = slices;
  assert.deepEqual(first, {
    ...{ after: null, limit: 3, withDrafts: true },
    ...{ text: "hall", isOver: false },
  });
  assert.equal(slices.length, 2);
});

test("a state is looked for over many concerts, and each page goes on where the last one ended", async () => {
  const { ask } = finding(250, (n) => (n % 60 === 0 ? "PAUSED" : "OPEN"));
  const first = await ask({ state: "PAUSED" });
  assert.deepEqual(first, { numbers: [240, 180], next: 180 });
  const second = await ask({ state: "PAUSED", after: idOf(180) });
  assert.deepEqual(second, { numbers: [120, 60], next: null });
});

test("a rare state makes an empty page after 400 concerts, and the list goes on", async () => {
  const { ask, slices } = finding(450, (n) => (n === 1 ? "LOBBY" : "OPEN"));
  const first = await ask({ state: "LOBBY" });
  assert.deepEqual(first, { numbers: [], next: 51 });
  assert.equal(slices.length, 4);
  assert.deepEqual(await ask({ state: "LOBBY", after: idOf(51) }), { numbers: [1], next: null });
});

test("a state tells whether the sale is over, and the database reads only such concerts", async () => {
  const { ask, slices } = finding(3, () => "CLOSED");
  await ask({ state: "CLOSED" });
  await ask({ state: "OPEN" });
  assert.deepEqual(
    slices.map(({ isOver }) => isOver),
    [true, false],
  );
  assert.deepEqual(await ask({ state: "ENDED", isOver: false }), { numbers: [], next: null });
  assert.equal(slices.length, 2, "nothing is read");
});
