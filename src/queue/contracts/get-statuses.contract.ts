import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { crowd, newConcert, newUser, wideTerms, type OpenQueue } from "./queue-store.contract.ts";

/** Tests of the promises that `QueueStore.getStatuses` adds to those of `getStatus`. */
export const getStatusesContract = (name: string, open: OpenQueue): void => {
  const scene = async (people: number) => {
    const queue = await open();
    const concertId = newConcert();
    const all = await crowd(queue, concertId, people);
    const places = all.map(({ userId, mark }) => ({ userId, ...mark }));
    return { queue, concertId, places };
  };

  describe(`${name}: the statuses of many places`, () => {
    it("are those that getStatus gives one by one, in the order of the places", async () => {
      const { queue, concertId, places } = await scene(5);
      await queue.store.admit(concertId, { ...wideTerms, maxActive: 2 });
      await queue.store.end(concertId, places[4]!.userId, places[4]!, "LEFT");
      const mixed = [...places.toReversed(), { userId: newUser(), epoch: 1, seq: 99 }];
      const { snapshot, statuses } = await queue.store.getStatuses(concertId, mixed);
      const alone = await Promise.all(
        mixed.map((place) => queue.store.getStatus(concertId, place.userId, place)),
      );
      assert.deepEqual(
        statuses,
        alone.map(({ status }) => status),
      );
      assert.deepEqual(
        statuses.map(({ kind }) => kind),
        ["ended", "waiting", "waiting", "active", "active", "unknown"],
      );
      assert.deepEqual(snapshot, alone[0]?.snapshot);
    });

    it("mark the users as present: an admitted user has claimed the slot", async () => {
      const { queue, concertId, places } = await scene(1);
      await queue.store.admit(concertId, wideTerms);
      const { statuses } = await queue.store.getStatuses(concertId, places);
      const expiresAtMs = queue.nowMs() + wideTerms.sessionMs;
      const { epoch, seq } = places[0]!;
      assert.deepEqual(statuses, [{ kind: "active", place: { epoch, seq }, expiresAtMs }]);
      queue.advance(wideTerms.claimMs);
      await queue.store.admit(concertId, wideTerms);
      const [later] = (await queue.store.getStatuses(concertId, places)).statuses;
      assert.equal(later?.kind, "active");
    });

    it("come with the snapshot alone when no place is given", async () => {
      const { queue, concertId } = await scene(3);
      const { snapshot, statuses } = await queue.store.getStatuses(concertId, []);
      assert.deepEqual(statuses, []);
      assert.deepEqual([snapshot.counters.waiting, snapshot.atMs], [3, queue.nowMs()]);
    });
  });
};
