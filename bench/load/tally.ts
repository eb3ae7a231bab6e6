import { cpuUse, machineTimes, type CpuUse, type Watched } from "../measure/processes.ts";
import { histogram } from "./histogram.ts";
import type { JobResult } from "./job.ts";

interface Reading {
  readonly atMs: number;
  readonly cpu: readonly CpuUse[];
  readonly idleMs: number;
  readonly stolenMs: number;
}

/** Counts the answers that come between the end of the warm-up and the end of the measured time. */
export interface Tally {
  answered(status: number, tookMs: number): void;
  broke(reason: string): void;
  result(next: number): JobResult;
}

const failuresKept = 5;

/** Starts the clock at once. CPU times are read at both ends of the measured time. */
export const startTally = (options: {
  warmupMs: number;
  measureMs: number;
  watched: readonly Watched[];
}): Tally => {
  const { warmupMs, measureMs, watched } = options;
  const readTally = (): Reading => ({
    atMs: performance.now(),
    cpu: watched.map(cpuUse),
    ...machineTimes(),
  });
  const measureFromMs = performance.now() + warmupMs;
  const stopMs = measureFromMs + measureMs;
  const latency = histogram();
  const statuses: Record<string, number> = {};
  const failures = new Set<string>();
  let failureCount = 0;
  let answered = 0;
  let before = warmupMs === 0 ? readTally() : null;
  let after: Reading | null = null;
  return {
    answered: (status, tookMs) => {
      if (after !== null) return;
      const nowMs = performance.now();
      if (nowMs >= stopMs) {
        after = readTally();
        return;
      }
      if (nowMs < measureFromMs) return;
      before ??= readTally();
      answered += 1;
      statuses[status] = (statuses[status] ?? 0) + 1;
      latency.record(tookMs * 1_000);
    },
    broke: (reason) => {
      failureCount += 1;
      if (failures.size < failuresKept) failures.add(reason);
    },
    result: (next) => {
      const last = after ?? readTally();
      const first = before ?? last;
      return {
        answered,
        measuredMs: last.atMs - first.atMs,
        statuses,
        next,
        failures: [...failures],
        failureCount,
        latency: latency.pairs(),
        used: watched.map(({ name }, index) => useBetween(name, first.cpu[index], last.cpu[index])),
        idleMs: last.idleMs - first.idleMs,
        stolenMs: last.stolenMs - first.stolenMs,
      };
    },
  };
};

const useBetween = (name: string, first: CpuUse | undefined, last: CpuUse | undefined) => ({
  name,
  totalMs: (last?.totalMs ?? 0) - (first?.totalMs ?? 0),
  mainThreadMs: (last?.mainThreadMs ?? 0) - (first?.mainThreadMs ?? 0),
});
