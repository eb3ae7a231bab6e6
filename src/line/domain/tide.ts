import type { InstantMs } from "#kernel/instant.ts";

/** What a line counts, since its store was empty; `lastIssued`: since its epoch began. */
export interface Counters {
  readonly lastIssued: number;
  readonly admitted: number;
  readonly left: number;
  readonly lapsed: number;
}

/** How a line stood in one second. */
export interface Tide extends Counters {
  readonly lineEpoch: number;
  /** A whole second of the line's clock. */
  readonly atMs: InstantMs;
  readonly waiting: number;
  readonly active: number;
  /** Null: it could not be known at that moment. */
  readonly stock: {
    readonly available: number;
    readonly held: number;
    readonly sold: number;
  } | null;
}

/** People, over a time. */
export interface Flow {
  readonly joined: number;
  readonly admitted: number;
  readonly left: number;
  readonly lapsed: number;
}

const nobody: Flow = { joined: 0, admitted: 0, left: 0, lapsed: 0 };

const sum = (a: Flow, b: Flow): Flow => ({
  joined: a.joined + b.joined,
  admitted: a.admitted + b.admitted,
  left: a.left + b.left,
  lapsed: a.lapsed + b.lapsed,
});

/** What was counted between two looks. A counter that fell began again: its store was lost. */
const risen = (before: number, after: number): number => (after < before ? after : after - before);

const between = (before: Tide | undefined, after: Tide): Flow => {
  const isSameEpoch = before?.lineEpoch === after.lineEpoch;
  return {
    joined: risen(isSameEpoch ? before.lastIssued : 0, after.lastIssued),
    admitted: risen(before?.admitted ?? 0, after.admitted),
    left: risen(before?.left ?? 0, after.left),
    lapsed: risen(before?.lapsed ?? 0, after.lapsed),
  };
};

/**
 * Everybody who ever joined, was admitted, left or lapsed, from the first and last tide of each epoch in
 * their order. Exact but for what a lost store had counted in its last second.
 */
export const totals = (tides: readonly Tide[]): Flow =>
  tides.reduce((all, tide, index) => sum(all, between(tides[index - 1], tide)), nobody);

/** A step of the chart: how the line stood at its end, and what happened in it. */
export interface ChartPoint extends Flow {
  readonly atMs: InstantMs;
  readonly waiting: number;
  readonly active: number;
  readonly stock: Tide["stock"];
}

export interface ChartSpan {
  /** Both ends lie on a whole step. */
  readonly fromMs: InstantMs;
  readonly untilMs: InstantMs;
  readonly stepMs: number;
}

/**
 * One point a step, from tides in their order: the last one of each step is enough, and the last one
 * before `fromMs` tells where it begins. Where nothing moved there are no tides, and the point says so;
 * before the first tide there are no points.
 */
export const chart = (
  tides: readonly Tide[],
  { fromMs, untilMs, stepMs }: ChartSpan,
): readonly ChartPoint[] => {
  const points: ChartPoint[] = [];
  const early = tides.filter(({ atMs }) => atMs < fromMs).at(-1);
  const due = tides.filter(({ atMs }) => atMs >= fromMs);
  let last = early;
  let next = 0;
  for (let atMs = fromMs + stepMs; atMs <= untilMs; atMs += stepMs) {
    let flow = nobody;
    for (let tide = due[next]; tide !== undefined && tide.atMs < atMs; tide = due[next]) {
      flow = sum(flow, between(last, tide));
      last = tide;
      next += 1;
    }
    if (last === undefined) continue;
    const { waiting, active, stock } = last;
    points.push({ atMs, waiting, active, stock, ...flow });
  }
  return points;
};

/** Whether anything moved between two looks at a line: a tide that shows nothing new is not kept. */
export const hasMoved = (before: Tide, after: Tide): boolean => {
  const shown = ({ atMs: _, stock, ...rest }: Tide) =>
    [...Object.values(rest), stock?.available, stock?.held, stock?.sold].join();
  return shown(before) !== shown(after);
};
