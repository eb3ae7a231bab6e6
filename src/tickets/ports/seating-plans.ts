import type { MaybePromise } from "#kernel/maybe-promise.ts";
import type { ConcertId } from "#kernel/ids.ts";
import type { SeatingPlan } from "#kernel/seating-plan.ts";

/** The seating plans of concerts, which never change. */
export interface SeatingPlans {
  /** Null when there is no such concert. Throws Unavailable. */
  find(concertId: ConcertId): MaybePromise<SeatingPlan | null>;
}
