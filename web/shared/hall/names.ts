import { seatLabel, type SeatingPlan } from "../../../src/kernel/seating-plan.ts";

/** How a seat is called. All are null in a hall without sections, row and name for a standing place. */
export interface PlaceName {
  readonly seatNumber: number;
  readonly section: string | null;
  readonly row: string | null;
  readonly name: string | null;
}

/** Returns how a seat is called. O(log n). */
export const placeName = (plan: SeatingPlan, seatNumber: number): PlaceName => ({
  seatNumber,
  ...seatLabel(plan, seatNumber),
});
