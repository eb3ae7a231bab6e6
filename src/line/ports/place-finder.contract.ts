import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  crowd,
  newConcert,
  newReservation,
  newUser,
  wideTerms,
  type LineUnderTest,
} from "./line-store.contract.ts";
import type { PlaceFinder } from "./place-finder.ts";

export interface FinderUnderTest extends LineUnderTest {
  readonly finder: PlaceFinder;
}

const scene = async (open: () => Promise<FinderUnderTest>, people: number) => {
  const line = await open();
  const concertId = newConcert();
  const all = await crowd(line, concertId, people);
  const find = (index: number) => {
    const userId = all[index]?.userId ?? assert.fail();
    return line.finder.find(concertId, userId);
  };
  const pass = (maxActive = 1_000) => line.store.pass(concertId, { ...wideTerms, maxActive });
  const places = all.map(({ mark }) => mark);
  return { line, concertId, all, places, find, pass };
};

/** What every finder of places must do. */
export const placeFinderContract = (name: string, open: () => Promise<FinderUnderTest>): void => {
  describe(`${name}: finding places`, () => {
    it("finds nobody who never came, or has ended", async () => {
      const { line, concertId, all, find } = await scene(open, 1);
      assert.deepEqual(await line.finder.find(concertId, newUser()), { kind: "absent" });
      await line.store.end(concertId, all[0]!.userId, all[0]!.mark, "LEFT");
      assert.deepEqual(await find(0), { kind: "absent" });
    });

    it("finds who waits at his place and position", async () => {
      const { find, places } = await scene(open, 3);
      assert.deepEqual(await find(1), { kind: "waiting", place: places[1], position: 2 });
    });

    it("finds who is ACTIVE with the end of his slot, and does not claim it for him", async () => {
      const { line, find, places, pass } = await scene(open, 1);
      await pass();
      const untilMs = line.nowMs() + wideTerms.claimMs;
      assert.deepEqual(await find(0), { kind: "active", place: places[0], expiresAtMs: untilMs });
      line.advance(wideTerms.claimMs);
      const { steppedOver } = await pass(0);
      assert.equal(steppedOver, 1, "being looked for is not coming");
    });

    it("finds who was set aside away, however often, and does not bring him back", async () => {
      const { line, concertId, all, find, places, pass } = await scene(open, 1);
      await pass();
      line.advance(wideTerms.claimMs);
      assert.deepEqual(await find(0), { kind: "away", place: places[0] }, "before the pass");
      await pass(0);
      for (let again = 0; again < 2; again += 1)
        assert.deepEqual(await find(0), { kind: "away", place: places[0] });
      assert.equal((await line.store.figures(concertId)).figures.waiting, 0);
      await all[0]!.look(all[0]!.mark);
      assert.deepEqual(await find(0), { kind: "waiting", place: places[0], position: 1 });
    });

    it("finds nobody whose slot is over and whom the next pass will end", async () => {
      const { line, all, find, pass } = await scene(open, 1);
      await pass();
      await all[0]!.look(all[0]!.mark);
      line.advance(wideTerms.sessionMs);
      assert.deepEqual(await find(0), { kind: "absent" });
      assert.equal((await pass(0)).lapsed, 1);
    });

    it("finds a slot that a hold carries with the end of the hold", async () => {
      const { line, concertId, all, find, places, pass } = await scene(open, 1);
      await pass();
      const expiresAtMs = line.nowMs() + wideTerms.sessionMs + 5_000;
      const { userId, mark } = all[0]!;
      const reservationId = newReservation();
      await line.gate.carry({ concertId, userId, ...mark, reservationId, expiresAtMs });
      assert.deepEqual(await find(0), { kind: "active", place: places[0], expiresAtMs });
    });
  });
};
