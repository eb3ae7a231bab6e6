import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  crowd,
  newConcert,
  newUser,
  wideTerms,
  type QueueUnderTest,
} from "./queue-store.contract.ts";
import type { Lookout } from "./lookout.ts";

export interface LookoutUnderTest extends QueueUnderTest {
  readonly lookout: Lookout;
}

/** What every lookout must do. */
export const lookoutContract = (name: string, open: () => Promise<LookoutUnderTest>): void => {
  const scene = async (people: number) => {
    const queue = await open();
    const concertId = newConcert();
    const all = await crowd(queue, concertId, people);
    const asked = all.map(({ userId, mark }) => ({ userId, ...mark }));
    return { queue, concertId, all, asked };
  };

  describe(`${name}: looking after many`, () => {
    it("tells each what asking alone would tell, in the order of the question", async () => {
      const { queue, concertId, asked } = await scene(5);
      await queue.store.pass(concertId, { ...wideTerms, maxActive: 2 });
      await queue.store.end(concertId, asked[4]!.userId, asked[4]!, "LEFT");
      const mixed = [...asked.toReversed(), { userId: newUser(), epoch: 1, seq: 99 }];
      const { placeStatuses, ...head } = await queue.lookout.look(concertId, mixed);
      const alone = await Promise.all(
        mixed.map((place) => queue.store.look(concertId, place.userId, place)),
      );
      assert.deepEqual(
        placeStatuses,
        alone.map(({ placeStatus }) => placeStatus),
      );
      assert.deepEqual(
        placeStatuses.map(({ kind }) => kind),
        ["ended", "waiting", "waiting", "active", "active", "unknown"],
      );
      const { placeStatus: _, ...first } = alone[0]!;
      assert.deepEqual(head, first);
    });

    it("counts as their asking: who is admitted has claimed his slot", async () => {
      const { queue, concertId, asked } = await scene(1);
      await queue.store.pass(concertId, wideTerms);
      const { placeStatuses } = await queue.lookout.look(concertId, asked);
      const expiresAtMs = queue.nowMs() + wideTerms.sessionMs;
      const { epoch, seq } = asked[0]!;
      assert.deepEqual(placeStatuses, [{ kind: "active", place: { epoch, seq }, expiresAtMs }]);
      queue.advance(wideTerms.claimMs);
      await queue.store.pass(concertId, wideTerms);
      const [still] = (await queue.lookout.look(concertId, asked)).placeStatuses;
      assert.equal(still?.kind, "active");
    });

    it("of nobody, tells the queue as a whole", async () => {
      const { queue, concertId } = await scene(3);
      const { placeStatuses, figures, atMs } = await queue.lookout.look(concertId, []);
      assert.deepEqual([placeStatuses.length, figures.waiting, atMs], [0, 3, queue.nowMs()]);
    });
  });
};
