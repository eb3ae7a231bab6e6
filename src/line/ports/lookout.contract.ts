import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  crowd,
  newConcert,
  newUser,
  wideTerms,
  type LineUnderTest,
} from "./line-store.contract.ts";
import type { Lookout } from "./lookout.ts";

export interface LookoutUnderTest extends LineUnderTest {
  readonly lookout: Lookout;
}

/** What every lookout must do. */
export const lookoutContract = (name: string, open: () => Promise<LookoutUnderTest>): void => {
  const scene = async (people: number) => {
    const line = await open();
    const concertId = newConcert();
    const all = await crowd(line, concertId, people);
    const asked = all.map(({ userId, mark }) => ({ userId, ...mark }));
    return { line, concertId, all, asked };
  };

  describe(`${name}: looking after many`, () => {
    it("tells each what asking alone would tell, in the order of the question", async () => {
      const { line, concertId, asked } = await scene(5);
      await line.store.pass(concertId, { ...wideTerms, maxActive: 2 });
      await line.store.end(concertId, asked[4]!.userId, asked[4]!, "LEFT");
      const mixed = [...asked.toReversed(), { userId: newUser(), epoch: 1, seq: 99 }];
      const { standings, ...head } = await line.lookout.look(concertId, mixed);
      const alone = await Promise.all(
        mixed.map((place) => line.store.look(concertId, place.userId, place)),
      );
      assert.deepEqual(
        standings,
        alone.map(({ standing }) => standing),
      );
      assert.deepEqual(
        standings.map(({ kind }) => kind),
        ["ended", "waiting", "waiting", "active", "active", "unknown"],
      );
      const { standing: _, ...first } = alone[0]!;
      assert.deepEqual(head, first);
    });

    it("counts as their asking: who is admitted has claimed his slot", async () => {
      const { line, concertId, asked } = await scene(1);
      await line.store.pass(concertId, wideTerms);
      const { standings } = await line.lookout.look(concertId, asked);
      const expiresAtMs = line.nowMs() + wideTerms.sessionMs;
      const { epoch, seq } = asked[0]!;
      assert.deepEqual(standings, [{ kind: "active", place: { epoch, seq }, expiresAtMs }]);
      line.advance(wideTerms.claimMs);
      await line.store.pass(concertId, wideTerms);
      const [still] = (await line.lookout.look(concertId, asked)).standings;
      assert.equal(still?.kind, "active");
    });

    it("of nobody, tells the line as a whole", async () => {
      const { line, concertId } = await scene(3);
      const { standings, figures, atMs } = await line.lookout.look(concertId, []);
      assert.deepEqual([standings.length, figures.waiting, atMs], [0, 3, line.nowMs()]);
    });
  });
};
