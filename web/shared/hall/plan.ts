import type { SeatingPlan as SeatsOfPlan } from "../../../src/kernel/seating-plan.ts";

export type { PlanRow, PlanSection, Point } from "../../../src/kernel/seating-plan.ts";

/** The seats of every date of a concert, with their prices. */
export interface SeatingPlan extends SeatsOfPlan {
  readonly grades: readonly { readonly name: string; readonly price: number }[];
}
