import type { ConcertId } from "#kernel/ids.ts";
import type { SeatingPlan } from "#kernel/seating-plan.ts";
import type { Concert } from "../domain/concert.ts";
import type { ConcertCache } from "../ports/concert-cache.ts";
import type { SeatingPlans } from "../ports/seating-plans.ts";

export interface ReadSeatingPlanDeps {
  readonly find: ConcertCache["find"];
  readonly plans: SeatingPlans;
  /** A short text that differs for different texts. */
  digestOf(text: string): string;
}

/** A seating plan with the present prices. */
export interface PricedPlan {
  /** Changes with everything else here. */
  readonly planId: string;
  readonly plan: SeatingPlan;
  readonly grades: Concert["grades"];
}

/**
 * Reads the seating plan of a concert with its prices; null when there is no such concert. Throws Unavailable.
 *
 * Cost: the id is computed once for each change of a price.
 */
export const readSeatingPlan = ({ find, plans, digestOf }: ReadSeatingPlanDeps) => {
  const known = new WeakMap<SeatingPlan, PricedPlan>();
  return async (concertId: ConcertId): Promise<PricedPlan | null> => {
    const concert = await find(concertId);
    const plan = concert && (await plans.find(concertId));
    if (concert === null || plan === null) return null;
    const { grades } = concert;
    const last = known.get(plan);
    if (last?.grades === grades) return last;
    const priced = { planId: digestOf(JSON.stringify([plan, grades])), plan, grades };
    known.set(plan, priced);
    return priced;
  };
};
