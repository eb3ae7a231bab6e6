import type { InstantMs } from "#kernel/instant.ts";

/** What a queue counts, since its store was empty; `lastIssued`: since its epoch began. */
export interface CumulativeCounters {
  readonly lastIssued: number;
  readonly admitted: number;
  readonly left: number;
  readonly lapsed: number;
}

/** How a queue stood in one second. */
export interface QueueSample extends CumulativeCounters {
  readonly queueEpoch: number;
  /** A whole second of the queue's clock. */
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

const between = (before: QueueSample | undefined, after: QueueSample): Flow => {
  const isSameEpoch = before?.queueEpoch === after.queueEpoch;
  return {
    joined: risen(isSameEpoch ? before.lastIssued : 0, after.lastIssued),
    admitted: risen(before?.admitted ?? 0, after.admitted),
    left: risen(before?.left ?? 0, after.left),
    lapsed: risen(before?.lapsed ?? 0, after.lapsed),
  };
};

/**
 * Everybody who ever joined, was admitted, left or lapsed, from the first and last sample of each epoch in
 * their order. Exact but for what a lost store had counted in its last second.
 */
export const totals = (samples: readonly QueueSample[]): Flow =>
  samples.reduce((all, sample, index) => sum(all, between(samples[index - 1], sample)), nobody);

/** A step of the chart: how the queue stood at its end, and what happened in it. */
export interface ChartPoint extends Flow {
  readonly atMs: InstantMs;
  readonly waiting: number;
  readonly active: number;
  readonly stock: QueueSample["stock"];
}

export interface ChartSpan {
  /** Both ends lie on a whole step. */
  readonly fromMs: InstantMs;
  readonly untilMs: InstantMs;
  readonly stepMs: number;
}

/**
 * One point a step, from samples in their order: the last one of each step is enough, and the last one
 * before `fromMs` tells where it begins. Where nothing moved there are no samples, and the point says so;
 * before the first sample there are no points.
 */
export const chart = (
  samples: readonly QueueSample[],
  { fromMs, untilMs, stepMs }: ChartSpan,
): readonly ChartPoint[] => {
  const points: ChartPoint[] = [];
  const early = samples.filter(({ atMs }) => atMs < fromMs).at(-1);
  const due = samples.filter(({ atMs }) => atMs >= fromMs);
  let last = early;
  let next = 0;
  for (let atMs = fromMs + stepMs; atMs <= untilMs; atMs += stepMs) {
    let flow = nobody;
    for (let sample = due[next]; sample !== undefined && sample.atMs < atMs; sample = due[next]) {
      flow = sum(flow, between(last, sample));
      last = sample;
      next += 1;
    }
    if (last === undefined) continue;
    const { waiting, active, stock } = last;
    points.push({ atMs, waiting, active, stock, ...flow });
  }
  return points;
};

/** Whether anything moved between two looks at a queue: a sample that shows nothing new is not kept. */
export const hasChanged = (before: QueueSample, after: QueueSample): boolean => {
  const shown = ({ atMs: _, stock, ...rest }: QueueSample) =>
    [...Object.values(rest), stock?.available, stock?.held, stock?.sold].join();
  return shown(before) !== shown(after);
};
