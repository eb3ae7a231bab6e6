export interface AddressLimit {
  /** Counts a request of the address. Returns 0 when it may proceed, else the whole seconds to wait. */
  take(address: string): number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/**
 * Keeps a token bucket for each address: a steady rate and a burst. Beyond `addressesMax` the limit
 * forgets the address that it saw first, so it may admit more requests, never fewer.
 */
export const addressLimit = (options: {
  readonly requestsPerSecond: number;
  readonly burst: number;
  readonly addressesMax: number;
  nowMs(): number;
}): AddressLimit => {
  const buckets = new Map<string, Bucket>();
  const { requestsPerSecond, burst, addressesMax } = options;
  return {
    take(address) {
      const nowMs = options.nowMs();
      let bucket = buckets.get(address);
      if (bucket === undefined) {
        bucket = { tokens: burst, atMs: nowMs };
        if (buckets.size >= addressesMax) {
          const oldest = buckets.keys().next();
          if (!oldest.done) buckets.delete(oldest.value);
        }
        buckets.set(address, bucket);
      }
      const refill = ((nowMs - bucket.atMs) / 1000) * requestsPerSecond;
      bucket.tokens = Math.min(burst, bucket.tokens + refill);
      bucket.atMs = nowMs;
      if (bucket.tokens < 1) {
        return Math.max(1, Math.ceil((1 - bucket.tokens) / requestsPerSecond));
      }
      bucket.tokens -= 1;
      return 0;
    },
  };
};
