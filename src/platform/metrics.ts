import {
  collectDefaultMetrics,
  Counter,
  Gauge,
  Histogram,
  Registry,
  type CounterConfiguration,
  type GaugeConfiguration,
  type HistogramConfiguration,
  type Metric,
} from "prom-client";

import { observeLag } from "./event-loop-lag.ts";

/** The durations of one route, by status. */
export interface RouteMeter {
  observe(status: number, seconds: number): void;
}

/** The figures of the HTTP engine. */
export interface HttpMeters {
  route(method: string, pattern: string): RouteMeter;
  /** Requests without an answer yet, and open event streams. */
  readonly live: { requests: number; streams: number };
  /** Counts a request that was refused to protect the server, by the limit that it exceeded. */
  shed(
    reason:
      | "in-flight"
      | "address"
      | "new-users"
      | "failed-keys"
      | "failed-codes"
      | "place"
      | "streams"
      | "deadline",
  ): void;
  /** Counts a request with a wrong operator key. */
  keyFailed(): void;
}

type Registered<Configuration> = Omit<Configuration, "registers">;

/** The metrics of this process. A name may be registered once. */
export interface Meters {
  readonly http: HttpMeters;
  counter<L extends string>(configuration: Registered<CounterConfiguration<L>>): Counter<L>;
  gauge<L extends string>(configuration: Registered<GaugeConfiguration<L>>): Gauge<L>;
  histogram<L extends string>(configuration: Registered<HistogramConfiguration<L>>): Histogram<L>;
  /** Returns all metrics in Prometheus' text format. */
  text(): Promise<string>;
  /** Stops observing the event loop and the garbage collector. */
  close(): void;
}

const boundsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

interface Row {
  readonly labels: { method: string; route: string; status: number };
  /** The count of each bucket, not cumulative; the last one is above every bound. */
  readonly counts: number[];
  sum: number;
}

interface Sample {
  metricName: string;
  labels: Record<string, string | number>;
  value: number;
}

const samplesOf = (name: string, row: Row): Sample[] => {
  const samples: Sample[] = [];
  let cumulative = 0;
  for (const [index, count] of row.counts.entries()) {
    cumulative += count;
    const labels = { ...row.labels, le: boundsSeconds[index] ?? "+Inf" };
    samples.push({ metricName: `${name}_bucket`, labels, value: cumulative });
  }
  samples.push({ metricName: `${name}_sum`, labels: row.labels, value: row.sum });
  samples.push({ metricName: `${name}_count`, labels: row.labels, value: cumulative });
  return samples;
};

/**
 * A histogram that looks its labels up once a route, not once a request. An observation increments an array
 * element; the library's histogram would build and hash a string of labels each time.
 */
const requestDurations = (registry: Registry): HttpMeters["route"] => {
  const name = "http_request_duration_seconds";
  const rows: Row[] = [];
  const metric = {
    name,
    help: "From a request's first line to its answer's last byte, by route pattern and status",
    type: "histogram",
    aggregator: "sum",
    reset: () => void rows.splice(0),
    get: () =>
      Promise.resolve({
        name,
        help: metric.help,
        type: metric.type,
        aggregator: metric.aggregator,
        values: rows.flatMap((row) => samplesOf(name, row)),
      }),
  };
  registry.registerMetric(metric as unknown as Metric);

  return (method, route) => {
    const byStatus = new Map<number, Row>();
    const rowOf = (status: number): Row => {
      const row: Row = {
        labels: { method, route, status },
        counts: Array.from({ length: boundsSeconds.length + 1 }, () => 0),
        sum: 0,
      };
      byStatus.set(status, row);
      rows.push(row);
      return row;
    };
    return {
      observe(status, seconds) {
        const row = byStatus.get(status) ?? rowOf(status);
        let index = 0;
        while (index < boundsSeconds.length && seconds > (boundsSeconds[index] ?? 0)) index += 1;
        row.counts[index] = (row.counts[index] ?? 0) + 1;
        row.sum += seconds;
      },
    };
  };
};

const createHttpMeters = (registry: Registry): HttpMeters => {
  const registers = [registry];
  const live = { requests: 0, streams: 0 };
  const liveGauge = (name: string, help: string, read: () => number): Gauge =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  liveGauge("http_requests_in_flight", "Requests that are being answered", () => live.requests);
  liveGauge("http_streams_open", "Event streams that are open", () => live.streams);
  const shed = new Counter({
    name: "http_requests_shed_total",
    help: "Requests refused to protect the server",
    labelNames: ["reason"] as const,
    registers,
  });
  const failedKeys = new Counter({
    name: "http_operator_keys_failed_total",
    help: "Requests with a wrong operator key",
    registers,
  });
  return {
    route: requestDurations(registry),
    live,
    shed: (reason) => shed.inc({ reason }),
    keyFailed: () => failedKeys.inc(),
  };
};

/** The library cannot leave its own timer out; with this period it wakes the process once a day. */
const libraryLagPeriodMs = 86_400_000;

/** Collects the figures of the process. Returns a function that stops observing the event loop. */
const collectOfProcess = (register: Registry): (() => void) => {
  collectDefaultMetrics({ register, eventLoopMonitoringPrecision: libraryLagPeriodMs });
  return observeLag(register);
};

/**
 * Returns a registry of its own with the HTTP metrics and, unless `ofProcess` is false, the memory, CPU,
 * event-loop lag and garbage collection of this process.
 */
export const createMeters = (options: { readonly ofProcess?: boolean } = {}): Meters => {
  const registry = new Registry();
  const stopLag = options.ofProcess === false ? null : collectOfProcess(registry);
  const registers = [registry];
  return {
    http: createHttpMeters(registry),
    counter: (configuration) => new Counter({ ...configuration, registers }),
    gauge: (configuration) => new Gauge({ ...configuration, registers }),
    histogram: (configuration) => new Histogram({ ...configuration, registers }),
    text: () => registry.metrics(),
    close() {
      stopLag?.();
      registry.clear();
    },
  };
};
