/** One line of Prometheus text: a name, its labels as they stand, a value. */
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

export interface ServerFigures {
  readonly meanMs: number | null;
  /** Not more than this for 95 of 100; null when nothing was answered. */
  readonly p95Ms: number | null;
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

/** The bucket's end within which 95 of 100 answers came. */
const p95 = (buckets: readonly Sample[], count: number): number | null => {
  if (count === 0) return null;
  const byBound = new Map<number, number>();
  for (const one of buckets) {
    byBound.set(boundOf(one), (byBound.get(boundOf(one)) ?? 0) + one.value);
  }
  const found = [...byBound].sort(([a], [b]) => a - b).find(([, upTo]) => upTo >= count * 0.95);
  return found === undefined || found[0] === Infinity ? null : found[0] * 1_000;
};

/** What the console shows of an instance's metrics. */
export const readMetrics = (text: string): ServerFigures => {
  const samples = samplesIn(text);
  const named = (name: RegExp): readonly Sample[] => samples.filter((one) => name.test(one.name));
  const count = sum(named(/^http_request_duration_seconds_count$/));
  const seconds = sum(named(/^http_request_duration_seconds_sum$/));
  const outbox = named(/^sale_outbox_waiting$/);
  return {
    meanMs: count === 0 ? null : (seconds / count) * 1_000,
    p95Ms: p95(named(/^http_request_duration_seconds_bucket$/), count),
    errors: sum(
      named(/^http_requests_total$|^http_request_duration_seconds_count$/).filter(({ labels }) =>
        /status="5(?:00|xx)"/.test(labels),
      ),
    ),
    shed: sum(named(/^http_requests_shed_total$/)),
    outboxWaiting: outbox.length === 0 ? null : sum(outbox),
  };
};
