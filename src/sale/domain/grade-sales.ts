import type { InstantMs } from "#kernel/instant.ts";
import { seatLabel, type SeatingPlan } from "#kernel/seating-plan.ts";
import { statusAt, type SeatMap } from "./seat-map.ts";

/** Counts of the seats of one grade on one date. */
export interface GradeSales {
  readonly date: string;
  readonly grade: string;
  /** Of one seat now; seats that were held before a correction have their own. */
  readonly price: number;
  /** A lapsed hold counts as available, a blocked seat as `blocked` alone. */
  readonly available: number;
  readonly held: number;
  readonly sold: number;
  readonly blocked: number;
  /** The sum of the prices of the sold seats. */
  readonly revenue: number;
}

/** The prices at which the sold seats of a show were bought, by seat number. */
export type SoldPrices = ReadonlyMap<number, number>;

/** The grade of each seat of a plan, by number. O(seats). */
export const gradesOf = (plan: SeatingPlan): readonly string[] =>
  Array.from({ length: plan.seatsTotal }, (_, index) => seatLabel(plan, index + 1).grade);

const fieldOf = { AVAILABLE: "available", HELD: "held", SOLD: "sold", BLOCKED: "blocked" } as const;

/**
 * Counts the seats of a show by grade, in the order of `prices`: the price of each grade now. Grades without a
 * seat are left out. O(seats).
 */
export const gradeSales = (
  show: SeatMap,
  hall: { readonly grades: readonly string[]; readonly prices: ReadonlyMap<string, number> },
  sold: SoldPrices,
  nowMs: InstantMs,
): readonly GradeSales[] => {
  const counts = new Map<string, { -readonly [Field in keyof GradeSales]: GradeSales[Field] }>();
  for (const [grade, price] of hall.prices) {
    const none = { available: 0, held: 0, sold: 0, blocked: 0, revenue: 0 };
    counts.set(grade, { date: show.date, grade, price, ...none });
  }
  for (const [index, grade] of hall.grades.entries()) {
    const status = statusAt(show, index + 1, nowMs);
    const row = counts.get(grade);
    if (status === undefined || row === undefined) continue;
    row[fieldOf[status]] += 1;
    row.revenue += sold.get(index + 1) ?? 0;
  }
  return [...counts.values()].filter(
    (row) => row.available + row.held + row.sold + row.blocked > 0,
  );
};
