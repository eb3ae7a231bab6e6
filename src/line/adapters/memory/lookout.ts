import type { Clock } from "#kernel/instant.ts";
import type { Lookout } from "../../ports/lookout.ts";
import type { FindLine } from "./line-state.ts";
import { figuresOf, standingOf } from "./standing.ts";

/** Many places of a line in the memory of this process, in one turn. */
export const memoryLookout = (findLine: FindLine, clock: Clock): Lookout => ({
  async look(concertId, places) {
    const line = await findLine(concertId);
    const atMs = clock.nowMs();
    const standings = places.map((place) => standingOf(line, place.userId, place, atMs));
    return { atMs, epoch: line.epoch, figures: figuresOf(line, atMs), standings };
  },
});
