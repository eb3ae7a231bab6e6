import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import {
  inQueue,
  newConcert,
  newUser,
  positionOf,
  wideTerms,
  type OpenQueue,
} from "./queue-store.contract.ts";
import type { ReadLobby } from "../lottery/ports/lobby.ts";

const lobbyMs = 60_000;

/** A lottery's queue, whose lobby is open for a minute. */
const openLottery = async (open: OpenQueue) => {
  const queue = await open();
  const concertId = newConcert();
  const untilMs = queue.nowMs() + lobbyMs;
  const join = async (userId: UserId, drawValue: number) =>
    inQueue(
      await queue.store.join(concertId, userId, {
        opensAtMs: 0,
        final: false,
        lobby: { untilMs, drawValue },
      }),
    );
  const ask = (more: Partial<ReadLobby> = {}) =>
    queue.lobby.read(concertId, {
      admitsAtMs: untilMs,
      drawId: "a",
      leaseMs: 1_000,
      after: null,
      entrantsMax: 100,
      ...more,
    });
  return {
    ...queue,
    concertId,
    untilMs,
    ask,
    join,
    /** Joins with a draw value and returns the place. */
    place: async (userId: UserId, drawValue: number): Promise<PlaceMark> =>
      (await join(userId, drawValue)).status.place,
    placeStatus: async (userId: UserId, place: PlaceMark) =>
      (await queue.store.getStatus(concertId, userId, place)).status,
    leave: (userId: UserId, place: PlaceMark) => queue.store.end(concertId, userId, place, "LEFT"),
    async users(more: Partial<ReadLobby> = {}) {
      const page = await ask(more);
      return page.kind === "page" ? page.entrants.map(({ userId }) => userId) : page.kind;
    },
  };
};

/** New user ids in ascending order. */
const someUsers = (count: number): UserId[] => Array.from({ length: count }, newUser).sort();

const ordering = (open: OpenQueue): void => {
  it("the lobby is ordered by draw value, not by arrival", async () => {
    const { place, placeStatus } = await openLottery(open);
    const [a, b, c] = someUsers(3) as [UserId, UserId, UserId];
    const places = [await place(a, 7), await place(b, 2 ** 52 - 1), await place(c, 0)];
    const placeStatuses = await Promise.all(
      [a, b, c].map((userId, index) => placeStatus(userId, places[index] as PlaceMark)),
    );
    assert.deepEqual(placeStatuses.map(positionOf), [2, 3, 1]);
  });

  it("equal draw values are ordered by user id", async () => {
    const { place, users, advance } = await openLottery(open);
    const ids = someUsers(3);
    for (const userId of ids.toReversed()) await place(userId, 5);
    advance(lobbyMs);
    assert.deepEqual(await users(), ids);
    const after = { userId: ids[0] as UserId, drawValue: 5 };
    assert.deepEqual(await users({ after }), ids.slice(1));
  });

  it("users who join after the lobby has closed stand behind it, in order of arrival", async () => {
    const { place, placeStatus, advance } = await openLottery(open);
    const [a, b, c] = someUsers(3) as [UserId, UserId, UserId];
    await place(a, 2 ** 52 - 1);
    advance(lobbyMs);
    const second = await place(b, 0);
    const third = await place(c, 1);
    assert.equal(positionOf(await placeStatus(b, second)), 2);
    assert.equal(positionOf(await placeStatus(c, third)), 3);
    assert.deepEqual(second, { epoch: 1, seq: 2 ** 32 + 2 });
  });

  it("a user who joins after the draw is no entrant, even when the clock goes back", async () => {
    const { place, ask, users, advance } = await openLottery(open);
    const [a, b] = someUsers(2) as [UserId, UserId];
    await place(a, 9);
    advance(lobbyMs);
    await ask();
    advance(-lobbyMs);
    await place(b, 1);
    assert.deepEqual(await users(), [a]);
  });

  it("passes admit the drawn users in their order, then the late ones", async () => {
    const { place, placeStatus, advance, store, concertId } = await openLottery(open);
    const [a, b, c] = someUsers(3) as [UserId, UserId, UserId];
    const places = [await place(a, 7), await place(b, 3)];
    advance(lobbyMs);
    places.push(await place(c, 0));
    const kinds: string[] = [];
    for (let cap = 1; cap <= 3; cap += 1) {
      await store.admit(concertId, { ...wideTerms, maxActive: cap });
      const seen = [a, b, c].map((userId, index) =>
        placeStatus(userId, places[index] as PlaceMark),
      );
      kinds.push((await Promise.all(seen)).map(({ kind }) => kind[0]).join(""));
    }
    assert.deepEqual(kinds, ["waw", "aaw", "aaa"]);
  });
};

const placing = (open: OpenQueue): void => {
  it("a second join to the lobby returns the same place in the same order", async () => {
    const { join } = await openLottery(open);
    const [a] = someUsers(1) as [UserId];
    const first = await join(a, 7);
    const again = await join(a, 7);
    assert.deepEqual([first.isNew, again.isNew], [true, false]);
    assert.deepEqual(again.status.place, first.status.place);
    assert.equal(again.snapshot.counters.waiting, 1);
  });

  it("a user who leaves is not drawn, and a new join gives another place of the same order", async () => {
    const { place, leave, placeStatus, users, advance } = await openLottery(open);
    const [a, b] = someUsers(2) as [UserId, UserId];
    const first = await place(a, 7);
    await place(b, 8);
    assert.equal(await leave(a, first), "ended");
    assert.equal((await placeStatus(a, first)).kind, "ended");
    const second = await place(a, 7);
    assert.deepEqual([first.seq, second.seq], [1, 2]);
    assert.equal((await placeStatus(a, first)).kind, "superseded");
    assert.equal(positionOf(await placeStatus(a, second)), 1);
    assert.equal(await leave(a, first), "newer");
    await leave(a, second);
    const third = await place(a, 7);
    assert.deepEqual(third, { epoch: 1, seq: 3 });
    await leave(a, third);
    advance(lobbyMs);
    assert.deepEqual(await users(), [b]);
    assert.ok((await place(a, 7)).seq > third.seq);
  });

  it("a place of the lobby stays the same through admission and a skip", async () => {
    const { place, placeStatus, advance, store, concertId } = await openLottery(open);
    const [a] = someUsers(1) as [UserId];
    const first = await place(a, 7);
    await store.end(concertId, a, first, "LEFT");
    const mark = await place(a, 7);
    advance(lobbyMs);
    const terms = { ...wideTerms, claimMs: 1_000 };
    await store.admit(concertId, terms);
    advance(1_000);
    assert.equal((await store.admit(concertId, terms)).skipped, 1);
    const back = await placeStatus(a, mark);
    assert.deepEqual(back, { kind: "waiting", place: mark, position: 1 });
    await store.admit(concertId, terms);
    assert.equal((await placeStatus(a, mark)).kind, "active");
    const page = await store.readJournal(concertId, 10);
    const entries = page?.batches.flatMap(({ entries: noted }) => noted) ?? [];
    assert.deepEqual(
      entries.map(({ kind, seq }) => [kind, seq]),
      [
        ["LEFT", 1],
        ["ADMITTED", 2],
        ["STEPPED_OVER", 2],
        ["RETURNED", 2],
        ["ADMITTED", 2],
      ],
    );
  });

  it("the seq of a place that an older one replaced is not given again", async () => {
    const { place, placeStatus, leave, store, concertId } = await openLottery(() =>
      open("after a loss"),
    );
    const [a] = someUsers(1) as [UserId];
    await store.rebuild(concertId, [], true);
    const newer = await place(a, 5);
    const before = { epoch: 1, seq: 1 };
    await store.restore(concertId, a, { ...before, drawValue: 5 }, null);
    assert.equal((await placeStatus(a, before)).kind, "waiting");
    assert.deepEqual(await placeStatus(a, newer), { kind: "ended", reason: "LEFT" });
    await leave(a, before);
    assert.deepEqual(await place(a, 5), { epoch: newer.epoch, seq: newer.seq + 1 });
  });

  it("a lost place is restored at its draw value, with its own epoch and seq", async () => {
    const lost = () => open("after a loss");
    const { place, placeStatus, leave, store, concertId, nowMs } = await openLottery(lost);
    const [a, b, c, d] = someUsers(4) as [UserId, UserId, UserId, UserId];
    await store.rebuild(concertId, [], true);
    await place(a, 5);
    const restore = (userId: UserId, mark: PlaceMark, drawValue: number) =>
      store.restore(concertId, userId, { ...mark, drawValue }, null);
    const [lostB, lostC] = [
      { epoch: 1, seq: 1 },
      { epoch: 1, seq: 4 },
    ];
    await restore(b, lostB, 4);
    await restore(c, lostC, 6);
    assert.deepEqual(await placeStatus(b, lostB), { kind: "waiting", place: lostB, position: 1 });
    assert.deepEqual(await placeStatus(c, lostC), { kind: "waiting", place: lostC, position: 3 });
    await leave(c, lostC);
    assert.deepEqual(await place(c, 6), { epoch: 2, seq: 1 });
    const active = { epoch: 1, seq: 1 };
    const untilMs = nowMs() + 1_000;
    await store.restore(concertId, d, { ...active, drawValue: 1 }, untilMs);
    assert.deepEqual(await placeStatus(d, active), {
      kind: "active",
      place: active,
      expiresAtMs: untilMs,
    });
  });

  it("a place from before the draw is restored as an entrant, and one from after it is next", async () => {
    const { place, users, store, concertId, advance, placeStatus } = await openLottery(open);
    const [a, b, c] = someUsers(3) as [UserId, UserId, UserId];
    await place(a, 5);
    const mark = { epoch: 1, seq: 1 };
    await store.restore(concertId, b, { ...mark, drawValue: 6, isBeforeDraw: true }, null);
    advance(lobbyMs);
    assert.deepEqual(await users(), [a, b]);
    await store.restore(concertId, c, { ...mark, drawValue: 7, isBeforeDraw: false }, null);
    assert.deepEqual(await users(), [a, b]);
    assert.equal(positionOf(await placeStatus(c, mark)), 1);
    assert.equal(
      positionOf(await placeStatus(a, mark)),
      1,
      "the restored place counts in no other position",
    );
  });

  it("a place restored after the lobby has closed is no entrant, even if an instance takes it for one", async () => {
    const { place, users, store, concertId, advance, placeStatus } = await openLottery(open);
    const [a, b] = someUsers(2) as [UserId, UserId];
    const mark = await place(a, 5);
    advance(lobbyMs);
    assert.deepEqual(await users(), [a]);
    await store.restore(concertId, b, { ...mark, drawValue: 4, isBeforeDraw: true }, null);
    assert.equal(positionOf(await placeStatus(a, mark)), 1);
    assert.equal(positionOf(await placeStatus(b, mark)), 1, "a late return is admitted first");
    assert.deepEqual(await users(), [a]);
  });
};

const reading = (open: OpenQueue): void => {
  it("a read gets no entrants before the lobby closes, and then all of them, page by page", async () => {
    const { place, ask, advance, untilMs } = await openLottery(open);
    const ids = someUsers(5);
    for (const [index, userId] of ids.entries()) await place(userId, 10 * index);
    advance(lobbyMs - 1);
    assert.deepEqual(await ask(), { kind: "open" });
    advance(1);
    await place(newUser(), 0);
    const seen: UserId[] = [];
    let after: ReadLobby["after"] = null;
    for (const [count, more] of [
      [2, true],
      [2, true],
      [1, false],
    ] as const) {
      const page = await ask({ after, entrantsMax: 2 });
      assert.equal(page.kind, "page");
      if (page.kind !== "page") return;
      assert.deepEqual([page.entrants.length, page.more], [count, more]);
      assert.equal(page.closedAtMs, untilMs);
      seen.push(...page.entrants.map(({ userId }) => userId));
      after = page.entrants.at(-1) ?? null;
    }
    assert.deepEqual(seen, ids);
  });

  it("a read goes on after an entrant who has left or come back late", async () => {
    const { place, leave, users, advance } = await openLottery(open);
    const ids = someUsers(3);
    const places = [];
    for (const [index, userId] of ids.entries()) places.push(await place(userId, 10 + index));
    advance(lobbyMs);
    assert.deepEqual(await users({ entrantsMax: 2 }), ids.slice(0, 2));
    const after = { userId: ids[1] as UserId, drawValue: 11 };
    await leave(after.userId, places[1] as PlaceMark);
    assert.deepEqual(await users({ after }), ids.slice(2));
    await place(after.userId, 11);
    assert.deepEqual(await users({ after }), ids.slice(2));
  });

  it("a read of an empty lobby gets no entrants", async () => {
    const { ask, advance, untilMs } = await openLottery(open);
    advance(lobbyMs + 5);
    assert.deepEqual(await ask(), {
      kind: "page",
      epoch: 1,
      closedAtMs: untilMs + 5,
      entrants: [],
      more: false,
    });
    advance(5);
    const later = await ask();
    assert.equal(later.kind === "page" && later.closedAtMs, untilMs + 5);
  });

  it("the lobby serves one draw at a time, until that draw stops reading", async () => {
    const { ask, advance } = await openLottery(open);
    advance(lobbyMs);
    assert.equal((await ask()).kind, "page");
    assert.equal((await ask({ drawId: "b" })).kind, "taken");
    advance(999);
    assert.equal((await ask()).kind, "page");
    advance(999);
    assert.equal((await ask({ drawId: "b" })).kind, "taken");
    advance(1);
    assert.equal((await ask({ drawId: "b" })).kind, "page");
    assert.equal((await ask()).kind, "taken");
  });
};

/** Tests of every queue store in a lottery. */
export const lobbyContract = (name: string, open: OpenQueue): void => {
  describe(`${name}: the order of a lottery`, () => ordering(open));
  describe(`${name}: places of a lobby`, () => placing(open));
  describe(`${name}: reading a closed lobby`, () => reading(open));
};
