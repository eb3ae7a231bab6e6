import { seatSpacing, type PlanRow } from "../../../src/kernel/seating-plan.ts";
import type { SeatingPlan } from "../../shared/hall/plan.ts";

/** A hall without sections is shown in rows of ten, with seat 1 at the left as the fan faces the stage. */
export const seatsPerRow = 10;
/** From row to row, in metres. */
const rowSpacing = 0.9;

const columnOf = (seatNumber: number): number => (seatNumber - 1) % seatsPerRow;

/** The parts of a row that are in one row of ten. */
const partsOf = (row: PlanRow): PlanRow[] => {
  const parts: PlanRow[] = [];
  for (let first = row.firstSeat; first <= row.lastSeat;) {
    const last = Math.min(row.lastSeat, first - columnOf(first) + seatsPerRow - 1);
    const x = ((columnOf(first) + columnOf(last)) / 2) * seatSpacing;
    const y = Math.floor((first - 1) / seatsPerRow) * rowSpacing;
    parts.push({ ...row, firstSeat: first, lastSeat: last, x, y });
    first = last + 1;
  }
  return parts;
};

/** Gives the seats of a hall without sections their places on the simple map; the server knows none. */
export const inRowsOfTen = (plan: SeatingPlan): SeatingPlan => ({
  ...plan,
  sections: plan.sections.map((section) => ({ ...section, rows: section.rows.flatMap(partsOf) })),
});
