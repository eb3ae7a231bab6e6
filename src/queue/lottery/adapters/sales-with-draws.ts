import type { ConcertId } from "#kernel/ids.ts";
import { BoundedMap } from "#kernel/bounded-map.ts";
import { whenThere, type MaybePromise } from "#kernel/maybe-promise.ts";
import { ifUnavailable } from "#kernel/unavailable.ts";
import type { DrawRecord } from "../../admission/domain/draw.ts";
import type { Draws } from "../ports/draws.ts";
import type { QueueSchedule, Sales } from "../../admission/ports/sales.ts";

export interface KnownDrawsDeps {
  readonly sales: Sales;
  /** May return a cached answer. Throws Unavailable. */
  readonly find: Draws["find"];
}

const queuesMax = 10_000;

/**
 * Adds to each lottery's schedule the draw that the database has, or null.
 *
 * A known draw is kept in memory (at most 10,000 draws), because a saved draw never changes. While the
 * database is away, an unknown draw counts as null, and that lottery admits no user.
 */
export const salesWithDraws = ({ sales, find }: KnownDrawsDeps): Sales => {
  const known = new BoundedMap<ConcertId, DrawRecord>(queuesMax);

  const drawOf = (concertId: ConcertId): MaybePromise<DrawRecord | null> =>
    known.get(concertId) ?? readDraw(concertId);

  const readDraw = async (concertId: ConcertId): Promise<DrawRecord | null> => {
    const draw = await ifUnavailable(find(concertId), () => null);
    if (draw !== null) known.set(concertId, draw);
    return draw;
  };

  const complete = (schedule: QueueSchedule): MaybePromise<QueueSchedule> => {
    switch (schedule.policy.mode) {
      case "fifo":
        return schedule;
      case "lottery":
        return whenThere(drawOf(schedule.concertId), (draw) => ({ ...schedule, draw }));
    }
  };

  return {
    find: (concertId) =>
      whenThere(sales.find(concertId), (schedule) => schedule && complete(schedule)),
    refresh: () => sales.refresh(),
    running: async () =>
      Promise.all((await sales.running()).map(async (schedule) => complete(schedule))),
    stock: (concertId) => sales.stock(concertId),
  };
};
