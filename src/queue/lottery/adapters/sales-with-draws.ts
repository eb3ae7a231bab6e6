import type { ConcertId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { DrawRecord } from "../../admission/domain/draw.ts";
import type { Draws } from "../ports/draws.ts";
import type { QueueSchedule, Sales } from "../../admission/ports/sales.ts";

export interface KnownDrawsDeps {
  readonly sales: Sales;
  /** May answer what was true a moment ago. */
  readonly find: Draws["find"];
}

const queuesMax = 10_000;

/**
 * The sales with what their lotteries have drawn. A draw that was seen once is never asked for again;
 * while the database is away a draw that was not seen yet is not known, and nobody is admitted.
 */
export const salesWithDraws = ({ sales, find }: KnownDrawsDeps): Sales => {
  const known = new Map<ConcertId, DrawRecord>();

  const look = async (concertId: ConcertId): Promise<DrawRecord | null> => {
    try {
      return await find(concertId);
    } catch (error) {
      if (error instanceof Unavailable) return null;
      throw error;
    }
  };

  const drawOf = async (concertId: ConcertId): Promise<DrawRecord | null> => {
    const seen = known.get(concertId);
    if (seen !== undefined) return seen;
    const draw = await look(concertId);
    if (draw === null) return null;
    const [oldest] = known.keys();
    if (known.size >= queuesMax && oldest !== undefined) known.delete(oldest);
    known.set(concertId, draw);
    return draw;
  };

  const complete = async (schedule: QueueSchedule): Promise<QueueSchedule> =>
    schedule.policy.mode === "fifo"
      ? schedule
      : { ...schedule, draw: await drawOf(schedule.concertId) };

  return {
    async find(concertId) {
      const schedule = await sales.find(concertId);
      return schedule === null ? null : complete(schedule);
    },
    running: async () => Promise.all((await sales.running()).map(complete)),
    stock: (concertId) => sales.stock(concertId),
  };
};
