import type { MaybePromise } from "#kernel/maybe-promise.ts";
import type { ConcertId } from "#kernel/ids.ts";
import type { SeatingPlan } from "#kernel/seating-plan.ts";

/** The seating plans, which never change. */
export interface SeatingPlans {
  /** Null when there is no such concert. The database is asked for a plan that this instance does not hold. Throws Unavailable. */
  find(concertId: ConcertId): MaybePromise<SeatingPlan | null>;
}
