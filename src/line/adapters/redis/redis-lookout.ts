import { scoreOf } from "../../domain/place.ts";
import type { Lookout } from "../../ports/lookout.ts";
import type { CallLine } from "./call-line.ts";
import { lineScripts } from "./scripts.ts";
import { headLength, sightOf, standingAt } from "./sights.ts";

/** Many places of a line in Redis, in one script. */
export const redisLookout = (call: CallLine): Lookout => ({
  async look(concertId, places) {
    const answer = await call(lineScripts.look, concertId, {
      rest: places.flatMap((place) => [place.userId, scoreOf(place)]),
    });
    const standings = places.map((_, index) => standingAt(answer.reply, headLength + index * 3));
    return { ...sightOf(answer), standings };
  },
});
