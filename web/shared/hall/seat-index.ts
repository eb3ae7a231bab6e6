import type { Box } from "./view.ts";

/** Finds seats by their place in the hall. */
export interface SeatIndex {
  /** The seat nearest to a point, at most `withinM` metres away; null without one. */
  nearest(x: number, y: number, withinM: number): number | null;
  /** Calls `visit` with the number of each seat in a box, and with some just outside. */
  each(box: Box, visit: (seatNumber: number) => void): void;
}

/** The width of a cell in metres: some nine seats. */
const cellM = 1.5;

/**
 * An index over the coordinates of seats 1 to N; a seat without coordinates (NaN) is in no cell.
 * Building costs O(n), a look-up the cells that it touches.
 */
export const seatIndexOf = (xs: Float32Array, ys: Float32Array, bounds: Box): SeatIndex => {
  const columns = Math.max(1, Math.ceil((bounds.right - bounds.left) / cellM) + 1);
  const rows = Math.max(1, Math.ceil((bounds.bottom - bounds.top) / cellM) + 1);
  const clamp = (at: number, count: number): number => Math.min(count - 1, Math.max(0, at));
  const columnOf = (x: number): number => clamp(Math.floor((x - bounds.left) / cellM), columns);
  const rowOf = (y: number): number => clamp(Math.floor((y - bounds.top) / cellM), rows);
  const cellOf = (n: number): number => rowOf(ys[n] ?? 0) * columns + columnOf(xs[n] ?? 0);

  // The seats of cell c are seats[starts[c]] to seats[starts[c + 1] - 1].
  const starts = new Uint32Array(columns * rows + 1);
  const isPlaced = (n: number): boolean => !Number.isNaN(xs[n]);
  for (let n = 0; n < xs.length; n += 1) {
    if (!isPlaced(n)) continue;
    const after = cellOf(n) + 1;
    starts[after] = (starts[after] ?? 0) + 1;
  }
  for (let cell = 1; cell < starts.length; cell += 1)
    starts[cell] = (starts[cell] ?? 0) + (starts[cell - 1] ?? 0);
  const next = starts.slice();
  const seats = new Uint32Array(starts.at(-1) ?? 0);
  for (let n = 0; n < xs.length; n += 1) {
    if (!isPlaced(n)) continue;
    const cell = cellOf(n);
    const at = next[cell] ?? 0;
    seats[at] = n + 1;
    next[cell] = at + 1;
  }

  const each = ({ left, top, right, bottom }: Box, visit: (seatNumber: number) => void): void => {
    const [fromColumn, toColumn] = [columnOf(left), columnOf(right)];
    for (let row = rowOf(top); row <= rowOf(bottom); row += 1) {
      // The cells of a row of cells follow each other.
      const from = starts[row * columns + fromColumn] ?? 0;
      const to = starts[row * columns + toColumn + 1] ?? 0;
      for (let at = from; at < to; at += 1) visit(seats[at] ?? 0);
    }
  };

  const nearest = (x: number, y: number, withinM: number): number | null => {
    let found: number | null = null;
    let best = withinM * withinM;
    each(
      { left: x - withinM, top: y - withinM, right: x + withinM, bottom: y + withinM },
      (seatNumber) => {
        const [dx, dy] = [(xs[seatNumber - 1] ?? 0) - x, (ys[seatNumber - 1] ?? 0) - y];
        const square = dx * dx + dy * dy;
        if (square > best) return;
        best = square;
        found = seatNumber;
      },
    );
    return found;
  };

  return { nearest, each };
};
