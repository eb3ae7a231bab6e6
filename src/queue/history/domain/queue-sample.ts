import type { InstantMs } from "#kernel/instant.ts";

/**
 * One sample of a queue's counters, for one second. `admitted`, `left` and `lapsed` count since the store was
 * last empty, `lastIssued` since the epoch began.
 */
export interface QueueSample {
  readonly queueEpoch: number;
  readonly lastIssued: number;
  readonly admitted: number;
  readonly left: number;
  readonly lapsed: number;
  /** A whole second of the queue's clock. */
  readonly atMs: InstantMs;
  readonly waiting: number;
  readonly active: number;
  /** Null: the stock was unknown at that moment. */
  readonly stock: {
    readonly available: number;
    readonly held: number;
    readonly sold: number;
  } | null;
}

/** Numbers of users over a span of time. */
export type Flow = Readonly<Record<"joined" | "admitted" | "left" | "lapsed", number>>;

const noFlow: Flow = { joined: 0, admitted: 0, left: 0, lapsed: 0 };

const sum = (a: Flow, b: Flow): Flow => ({
  joined: a.joined + b.joined,
  admitted: a.admitted + b.admitted,
  left: a.left + b.left,
  lapsed: a.lapsed + b.lapsed,
});

/** Returns the increase between two samples. A lower counter restarted from 0: the store was lost. */
const increase = (before: number, after: number): number =>
  after < before ? after : after - before;

const between = (before: QueueSample | undefined, after: QueueSample): Flow => {
  const isSameEpoch = before?.queueEpoch === after.queueEpoch;
  return {
    joined: increase(isSameEpoch ? before.lastIssued : 0, after.lastIssued),
    admitted: increase(before?.admitted ?? 0, after.admitted),
    left: increase(before?.left ?? 0, after.left),
    lapsed: increase(before?.lapsed ?? 0, after.lapsed),
  };
};

/**
 * Returns how many users ever joined, were admitted, left or lapsed. `samples`: the first and the last one
 * of each epoch, in order. Only the last second of a lost store is missing.
 */
export const totals = (samples: readonly QueueSample[]): Flow =>
  samples.reduce((all, sample, index) => sum(all, between(samples[index - 1], sample)), noFlow);

/** One step of a chart: the queue at the end of the step, and the flow within it. */
export interface ChartPoint extends Flow {
  readonly atMs: InstantMs;
  readonly waiting: number;
  readonly active: number;
  readonly stock: QueueSample["stock"];
}

export interface ChartSpan {
  /** A multiple of `stepMs`, as `untilMs` is. */
  readonly fromMs: InstantMs;
  readonly untilMs: InstantMs;
  readonly stepMs: number;
}

/**
 * Returns one point for each step. `samples`, in order: the last one before `fromMs`, which gives the start,
 * and at least the last one of each step. A step without a sample repeats the queue before it with a flow of
 * 0. There are no points before the first sample.
 */
export const chart = (
  samples: readonly QueueSample[],
  { fromMs, untilMs, stepMs }: ChartSpan,
): readonly ChartPoint[] => {
  const points: ChartPoint[] = [];
  const earlier = samples.filter(({ atMs }) => atMs < fromMs).at(-1);
  const due = samples.filter(({ atMs }) => atMs >= fromMs);
  let last = earlier;
  let next = 0;
  for (let atMs = fromMs + stepMs; atMs <= untilMs; atMs += stepMs) {
    let flow = noFlow;
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

/** Returns whether two samples differ apart from their time; an unchanged sample is not stored. */
export const hasChanged = (before: QueueSample, after: QueueSample): boolean => {
  const textOf = ({ atMs: _, stock, ...counts }: QueueSample) =>
    [...Object.values(counts), stock?.available, stock?.held, stock?.sold].join();
  return textOf(before) !== textOf(after);
};
