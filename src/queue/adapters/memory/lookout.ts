import type { Clock } from "#kernel/instant.ts";
import type { Lookout } from "../../ports/lookout.ts";
import type { FindQueue } from "./queue-state.ts";
import { figuresOf, placeStatusOf } from "./place-status.ts";

/** Many places of a queue in the memory of this process, in one turn. */
export const memoryLookout = (findQueue: FindQueue, clock: Clock): Lookout => ({
  async look(concertId, places) {
    const queue = await findQueue(concertId);
    const atMs = clock.nowMs();
    const placeStatuses = places.map((place) => placeStatusOf(queue, place.userId, place, atMs));
    return { atMs, epoch: queue.epoch, figures: figuresOf(queue, atMs), placeStatuses };
  },
});
