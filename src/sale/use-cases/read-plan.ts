import { whenThere } from "#kernel/maybe-promise.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { PlanOf, SeatingPlans } from "../ports/seating-plans.ts";

/** Reads the plan of a concert that exists. Throws Unavailable, also when the plan is not known. */
export const readPlan =
  ({ plans }: { readonly plans: SeatingPlans }): PlanOf =>
  (concertId) =>
    whenThere(plans.find(concertId), (plan) => {
      if (plan === null) throw new Unavailable("the seating plan of the concert is not known");
      return plan;
    });
