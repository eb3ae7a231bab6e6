import { layoutOf, ranksOf } from "../../shared/hall/layout.ts";
import { placeName } from "../../shared/hall/names.ts";
import type { SeatingPlan } from "../../shared/hall/plan.ts";
import { free, held, type SeatStatuses } from "../../shared/hall/seat-statuses.ts";
import { signal } from "../../shared/signals.ts";
import { freeNear } from "./near.ts";
import { inRowsOfTen } from "./rows-of-ten.ts";

/** The status of a seat as fans see it. */
export type SeatStatus = "AVAILABLE" | "HELD" | "SOLD";

/** Makes the hall of a concert: its plan, and the seats of the selected date as they change. */
export const createHall = (given: SeatingPlan) => {
  const hasSections = given.sections.some(({ name }) => name !== null);
  const plan = hasSections ? given : inRowsOfTen(given);
  const layout = layoutOf(plan);
  const statuses = signal<SeatStatuses | null>(null);
  return {
    plan,
    layout,
    /** Without sections the hall is small, and its seats have numbers only. */
    hasSections,
    /** By grade: its rank by price, which gives its colour and shape. */
    ranks: ranksOf(plan),
    statuses,
    /** The index of a seat's grade. */
    gradeOf: (seatNumber: number): number => layout.grades[seatNumber - 1] ?? 0,
    statusOf: (seatNumber: number): SeatStatus => {
      const code = statuses.value?.codes[seatNumber - 1];
      return code === free ? "AVAILABLE" : code === held ? "HELD" : "SOLD";
    },
    placeOf: (seatNumber: number) => placeName(plan, seatNumber),
    /** Free seats near a lost one, the best first. */
    near: (lost: number, selected: readonly number[], countMax: number): readonly number[] => {
      const codes = statuses.value?.codes;
      return codes === undefined ? [] : freeNear(layout, codes, { lost, selected, countMax });
    },
  };
};

export type Hall = ReturnType<typeof createHall>;
