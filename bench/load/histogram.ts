/** Counts of durations in µs, in buckets at most 1.6 % wide. */
export interface Histogram {
  record(durationUs: number): void;
  count(): number;
  /** The duration that a share (0 to 1) of the values do not exceed, in µs; 0 when there are none. */
  quantile(share: number): number;
  /** Bucket numbers and counts, for sending to another process. */
  pairs(): [number, number][];
  add(pairs: readonly (readonly [number, number])[]): void;
}

/** Values below this have a bucket each; above, every doubling has half as many buckets. */
const exact = 128;
const perDoubling = exact / 2;
const durationUsMax = 2 ** 30;

const bucketOf = (durationUs: number): number => {
  const value = Math.min(durationUsMax, Math.max(0, Math.round(durationUs)));
  if (value < exact) return value;
  const shift = 31 - Math.clz32(value) - 6;
  return exact + (shift - 1) * perDoubling + ((value >>> shift) - perDoubling);
};

/** The middle of a bucket. */
const valueOf = (bucket: number): number => {
  if (bucket < exact) return bucket;
  const shift = Math.floor((bucket - exact) / perDoubling) + 1;
  const lower = (((bucket - exact) % perDoubling) + perDoubling) * 2 ** shift;
  return lower + 2 ** (shift - 1);
};

/** Starts empty, or with what another one gave out as pairs. */
export const histogram = (pairs: readonly (readonly [number, number])[] = []): Histogram => {
  const counts = new Float64Array(bucketOf(durationUsMax) + 1);
  let total = 0;
  const add: Histogram["add"] = (more) => {
    for (const [bucket, count] of more) {
      counts[bucket] = (counts[bucket] ?? 0) + count;
      total += count;
    }
  };
  add(pairs);
  return {
    add,
    record: (durationUs) => {
      const bucket = bucketOf(durationUs);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
      total += 1;
    },
    count: () => total,
    quantile: (share) => {
      const rank = Math.max(1, Math.ceil(total * share));
      let seen = 0;
      for (const [bucket, count] of counts.entries()) {
        seen += count;
        if (seen >= rank) return valueOf(bucket);
      }
      return 0;
    },
    pairs: () => [...counts.entries()].filter(([, count]) => count > 0),
  };
};
