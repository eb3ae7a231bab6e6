/** One line of Prometheus text: name, labels and value. */
interface Sample {
  readonly name: string;
  readonly labels: string;
  readonly value: number;
}

const samplesIn = (text: string): readonly Sample[] =>
  text.split("\n").flatMap((line) => {
    const [, name = "", labels = "", value = ""] =
      /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    return name === "" ? [] : [{ name, labels, value: Number(value) }];
  });

/** Counters of one instance since it started. */
export interface Counters {
  /** Start time of the process. A restart resets the counters. */
  readonly startedAt: number;
  readonly answers: number;
  /** Number of answers within each bound, ascending. */
  readonly within: readonly (readonly [seconds: number, count: number])[];
  readonly errors: number;
  readonly shed: number;
  readonly outboxWaiting: number | null;
}

const sum = (samples: readonly Sample[]): number =>
  samples.reduce((total, { value }) => total + value, 0);

const boundOf = ({ labels }: Sample): number => {
  const text = /le="([^"]+)"/.exec(labels)?.[1] ?? "+Inf";
  return text === "+Inf" ? Infinity : Number(text);
};

/** A stream stays open while a fan waits, so its duration says nothing about speed. */
const isStream = ({ labels }: Sample): boolean => labels.includes("/events");

/** Parses the metrics of an instance. */
export const readMetrics = (text: string): Counters => {
  const samples = samplesIn(text);
  const named = (name: string): readonly Sample[] => samples.filter((one) => one.name === name);
  const counts = named("http_request_duration_seconds_count");
  const outbox = named("sale_outbox_waiting");
  const within = new Map<number, number>();
  for (const one of named("http_request_duration_seconds_bucket")) {
    if (!isStream(one)) within.set(boundOf(one), (within.get(boundOf(one)) ?? 0) + one.value);
  }
  return {
    startedAt: sum(named("process_start_time_seconds")),
    answers: sum(counts.filter((one) => !isStream(one))),
    within: [...within].sort(([a], [b]) => a - b),
    errors: sum(counts.filter(({ labels }) => /status="5\d\d"/.test(labels))),
    shed: sum(named("http_requests_shed_total")),
    outboxWaiting: outbox.length === 0 ? null : sum(outbox),
  };
};

/** Difference of two readings of the same process. */
export interface Recent {
  readonly requestsASecond: number;
  /** Median and 95th percentile in ms; null without answers, or above the largest bound. */
  readonly halfMs: number | null;
  readonly p95Ms: number | null;
  readonly errors: number;
  readonly shed: number;
}

const msFor = (share: number, before: Counters, after: Counters): number | null => {
  const earlier = new Map(before.within);
  const wanted = (after.answers - before.answers) * share;
  if (wanted <= 0) return null;
  const found = after.within.find(([bound, count]) => count - (earlier.get(bound) ?? 0) >= wanted);
  return found === undefined || found[0] === Infinity ? null : found[0] * 1_000;
};

/** Compares two readings. Null when they are of two processes, or no time lies between them. */
export const between = (before: Counters, after: Counters, seconds: number): Recent | null => {
  if (before.startedAt !== after.startedAt || seconds <= 0) return null;
  return {
    requestsASecond: (after.answers - before.answers) / seconds,
    halfMs: msFor(0.5, before, after),
    p95Ms: msFor(0.95, before, after),
    errors: after.errors - before.errors,
    shed: after.shed - before.shed,
  };
};
