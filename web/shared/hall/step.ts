import type { HallLayout } from "./layout.ts";

/** The direction of an arrow key on the screen. */
export interface Direction {
  readonly dx: -1 | 0 | 1;
  readonly dy: -1 | 0 | 1;
}

/** How far an arrow key looks for a seat, in metres: a row, then an aisle, then the next section. */
const reaches = [2, 6, 30];
/** A seat to the side counts as this many times its distance, so that a key follows its row or column. */
const sideways = 3;

/** The next seat in a direction; null at the end of the hall. Cost: the seats within reach. */
export const stepFrom = (
  { xs, ys, index }: HallLayout,
  seatNumber: number,
  { dx, dy }: Direction,
): number | null => {
  const [x, y] = [xs[seatNumber - 1] ?? 0, ys[seatNumber - 1] ?? 0];
  for (const reach of reaches) {
    let found: number | null = null;
    let best = Infinity;
    index.each({ left: x - reach, top: y - reach, right: x + reach, bottom: y + reach }, (seat) => {
      const [byX, byY] = [(xs[seat - 1] ?? 0) - x, (ys[seat - 1] ?? 0) - y];
      const ahead = byX * dx + byY * dy;
      const across = Math.abs(byX * dy) + Math.abs(byY * dx);
      const cost = ahead + sideways * across;
      // Only seats that are more ahead than across: others are reached by another key.
      if (ahead < 0.05 || across > ahead || ahead > reach || cost >= best) return;
      best = cost;
      found = seat;
    });
    if (found !== null) return found;
  }
  return null;
};
