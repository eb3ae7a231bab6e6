import type { HallLayout } from "../../shared/hall/layout.ts";
import { free } from "../../shared/hall/seat-statuses.ts";

/** A metre to another row counts so much more than one along the row, because it separates people more. */
const rowWeight = 1.83;
/** A seat farther away is not offered as near, in metres: two rows, or six seats in a row. */
const nearM = 3.3;
/** A seat of another grade is offered after those of the same grade. */
const otherGradeCm = 100_000;

/**
 * Free seats near a lost one, the best first, at most `countMax`: those of the same grade before others, then by
 * distance to the seats that are still selected, or to the lost seat when none is.
 */
export const freeNear = (
  { xs, ys, grades, index }: HallLayout,
  codes: Uint8Array,
  { lost, selected, countMax }: { lost: number; selected: readonly number[]; countMax: number },
): number[] => {
  const ranks = new Map<number, number>();
  for (const anchor of selected.length > 0 ? selected : [lost]) {
    const [x, y] = [xs[anchor - 1] ?? 0, ys[anchor - 1] ?? 0];
    const around = { left: x - nearM, top: y - nearM, right: x + nearM, bottom: y + nearM };
    index.each(around, (seat) => {
      if (codes[seat - 1] !== free || selected.includes(seat)) return;
      const away =
        Math.abs((xs[seat - 1] ?? 0) - x) + rowWeight * Math.abs((ys[seat - 1] ?? 0) - y);
      if (away > nearM) return;
      const isSameGrade = grades[seat - 1] === grades[lost - 1];
      const rank = Math.round(100 * away) + (isSameGrade ? 0 : otherGradeCm);
      ranks.set(seat, Math.min(rank, ranks.get(seat) ?? Infinity));
    });
  }
  return [...ranks]
    .sort(([seatA, a], [seatB, b]) => a - b || seatA - seatB)
    .slice(0, countMax)
    .map(([seatNumber]) => seatNumber);
};
