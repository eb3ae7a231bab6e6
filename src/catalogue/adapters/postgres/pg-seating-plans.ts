import { whenThere } from "#kernel/maybe-promise.ts";
import type { ConcertId } from "#kernel/ids.ts";
import type { SeatingPlan } from "#kernel/seating-plan.ts";
import { loadingCache } from "#platform/loading-cache.ts";
import type { Database } from "#platform/postgres/database.ts";
import type { SeatingPlans } from "../../ports/seating-plans.ts";

/** A plan of 60,000 seats with names of their own takes about 10 MB, one of counted rows a few kB. */
const plansMax = 100;

/** The seating plans in PostgreSQL; the last 100 stay in memory. */
export const pgSeatingPlans = (database: Database): SeatingPlans => {
  const plans = loadingCache<ConcertId, SeatingPlan | null>({
    load: async (concertId) => {
      const [row] = await database.query<{ plan: SeatingPlan }>({
        name: "catalogue-seating-plan",
        text: `select plan from seating_plan where concert_id = $1`,
        values: [concertId],
      });
      return row?.plan ?? null;
    },
    maxAgeMs: Number.POSITIVE_INFINITY,
    nowMs: () => performance.now(),
    entriesMax: plansMax,
  });
  return {
    find: (concertId) =>
      whenThere(plans.get(concertId), (plan) => {
        // The concert may be created at any moment.
        if (plan === null) plans.invalidate(concertId);
        return plan;
      }),
  };
};
