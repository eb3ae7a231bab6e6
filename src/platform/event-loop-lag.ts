import perfHooks from "node:perf_hooks";
import { Gauge, type Registry } from "prom-client";

/** The part of a histogram of Node that the figures need; ns. */
export interface Delays {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly stddev: number;
  percentile(percentile: number): number;
  reset(): void;
}

interface Figure {
  readonly name: string;
  readonly help: string;
  readonly read: (delays: Delays) => number;
}

/** The figures of the lag by the names of `prom-client`, in the order in which they are collected. */
const figures: readonly Figure[] = [
  { name: "min", help: "The least lag", read: (delays) => delays.min },
  { name: "max", help: "The greatest lag", read: (delays) => delays.max },
  { name: "mean", help: "The mean lag", read: (delays) => delays.mean },
  { name: "p50", help: "The 50th percentile", read: (delays) => delays.percentile(50) },
  { name: "p90", help: "The 90th percentile", read: (delays) => delays.percentile(90) },
  { name: "p99", help: "The 99th percentile", read: (delays) => delays.percentile(99) },
];

const nameOf = (figure: string): string => `nodejs_eventloop_lag_${figure}_seconds`;

/** A timer of the library's 10 ms wakes an idle process a hundred times a second, more often than all of its own work. */
export const lagPeriodMs = 100;

/**
 * Replaces the gauges of `prom-client` by gauges of the same names, which leave out the period of the timer: they are
 * about 0 while the process is idle. Each collection begins new figures; without a sample since the last one they are 0.
 */
export const exportLag = (registry: Registry, delays: Delays, periodMs: number): void => {
  let gauges: readonly (readonly [Figure, Gauge])[] = [];
  let stddev: Gauge | null = null;
  const secondsOf = (ns: number): number =>
    delays.count === 0 ? 0 : Math.max(0, ns / 1e9 - periodMs / 1e3);
  const collect = (): void => {
    for (const [{ read }, gauge] of gauges) gauge.set(secondsOf(read(delays)));
    stddev?.set(delays.count === 0 ? 0 : delays.stddev / 1e9);
    delays.reset();
  };
  const replace = (figure: string, help: string, collects: boolean): Gauge => {
    const name = nameOf(figure);
    registry.removeSingleMetric(name);
    const text = `${help} of the event loop behind a timer, since the last collection.`;
    return new Gauge({ name, help: text, registers: [registry], ...(collects ? { collect } : {}) });
  };
  // The first gauge of the registry collects for all of them.
  gauges = figures.map((figure, at) => [figure, replace(figure.name, figure.help, at === 0)]);
  stddev = replace("stddev", "The standard deviation of the lag", false);
};

/** Observes the event loop, and exports its lag. Returns a function that stops it. */
export const observeLag = (registry: Registry): (() => void) => {
  const delays = perfHooks.monitorEventLoopDelay({ resolution: lagPeriodMs });
  delays.enable();
  exportLag(registry, delays, lagPeriodMs);
  return () => void delays.disable();
};
