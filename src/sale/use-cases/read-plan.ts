import { Unavailable } from "#kernel/unavailable.ts";
import type { PlanOf, SeatingPlans } from "../ports/seating-plans.ts";

/** Reads the plan of a concert that exists. Throws Unavailable, also when the plan is not known. */
export const readPlan =
  ({ plans }: { readonly plans: SeatingPlans }): PlanOf =>
  async (concertId) => {
    const plan = await plans.find(concertId);
    if (plan === null) throw new Unavailable("the seating plan of the concert is not known");
    return plan;
  };
