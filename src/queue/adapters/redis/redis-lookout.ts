import { scoreOf } from "../../domain/place.ts";
import type { Lookout } from "../../ports/lookout.ts";
import type { CallQueue } from "./call-queue.ts";
import { queueScripts } from "./scripts.ts";
import { headLength, snapshotOf, placeStatusAt } from "./snapshots.ts";

/** Many places of a queue in Redis, in one script. */
export const redisLookout = (call: CallQueue): Lookout => ({
  async look(concertId, places) {
    const answer = await call(queueScripts.getStatus, concertId, {
      rest: places.flatMap((place) => [place.userId, scoreOf(place)]),
    });
    const placeStatuses = places.map((_, index) =>
      placeStatusAt(answer.reply, headLength + index * 3),
    );
    return { ...snapshotOf(answer), placeStatuses };
  },
});
