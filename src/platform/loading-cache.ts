import type { MaybePromise } from "#kernel/maybe-promise.ts";

/** A cache that loads missing and old values by itself, with one load a key at a time. */
export interface LoadingCache<K, V> {
  /**
   * Returns a value that is at most `maxAgeMs` old at once, else the promise of the load that runs or starts now.
   * It rejects as the load does; the value before stays available to `peek`.
   */
  get(key: K): MaybePromise<V>;
  /**
   * As `get`, but waits for a load at most `staleAfterMs`, and not at all when the last load failed. Then it
   * returns the cached value of any age, and the load goes on. Rejects only when no value is cached.
   */
  getOrStale(key: K): MaybePromise<V>;
  /** Returns the cached value of any age, without a load. */
  peek(key: K): V | undefined;
  /** Removes the value, and ignores the result of a load that runs: it may have read old state. */
  invalidate(key: K): void;
}

interface Entry<V> {
  value: V | undefined;
  hasValue: boolean;
  /** When the load of the value began; the value can be as old as that. */
  loadedAtMs: number;
  loading: Promise<V> | undefined;
  /** The promise that `getOrStale` returns to all callers while the load runs. */
  orStale: Promise<V> | undefined;
  /** Whether the last load failed. */
  failed: boolean;
}

/** Resolves as the promise does; when it fails, or after `waitMs`, resolves with `fallback()`. */
const orElse = <V>(promise: Promise<V>, waitMs: number, fallback: () => V): Promise<V> =>
  new Promise((resolve) => {
    const giveUp = (): void => {
      clearTimeout(timer);
      resolve(fallback());
    };
    const timer = setTimeout(giveUp, waitMs);
    promise.then((value) => {
      clearTimeout(timer);
      resolve(value);
    }, giveUp);
  });

/** Entries by their last use. Beyond the bound the least recently used one is evicted. */
const lruEntries = <K, V>(entriesMax: number) => {
  const entries = new Map<K, Entry<V>>();
  /** The key of the last use; in the minute of a sale nearly every call asks for it. */
  let newest: K | undefined;

  return {
    peek: (key: K): Entry<V> | undefined => entries.get(key),
    remove: (key: K): void => void entries.delete(key),
    touch(key: K): Entry<V> {
      const found = entries.get(key);
      if (found !== undefined && key === newest) return found;
      newest = key;
      const entry = found ?? {
        value: undefined,
        hasValue: false,
        loadedAtMs: 0,
        loading: undefined,
        orStale: undefined,
        failed: false,
      };
      // A Map keeps the order of insertion, so the first key is the least recently used one.
      if (found !== undefined) entries.delete(key);
      entries.set(key, entry);
      if (entries.size > entriesMax) {
        const oldest = entries.keys().next();
        if (!oldest.done) entries.delete(oldest.value);
      }
      return entry;
    },
  };
};

/**
 * Returns an empty cache. The age of a value counts from the start of its load, by the monotonic clock
 * `nowMs`. Beyond `entriesMax` keys the least recently used one is evicted.
 */
export const loadingCache = <K, V>(options: {
  load(key: K): Promise<V>;
  readonly maxAgeMs: number;
  nowMs(): number;
  readonly entriesMax: number;
  /** How long `getOrStale` waits for a load, in ms; 0 by default. */
  readonly staleAfterMs?: number;
}): LoadingCache<K, V> => {
  const staleAfterMs = options.staleAfterMs ?? 0;
  const { touch, peek, remove } = lruEntries<K, V>(options.entriesMax);

  const startLoad = async (key: K, entry: Entry<V>): Promise<V> => {
    const startedAtMs = options.nowMs();
    const value = await options.load(key);
    entry.value = value;
    entry.hasValue = true;
    entry.loadedAtMs = startedAtMs;
    return value;
  };

  const isFresh = (entry: Entry<V>): boolean =>
    entry.hasValue && options.nowMs() - entry.loadedAtMs <= options.maxAgeMs;

  /** Returns the load that runs, or starts one. */
  const load = (key: K, entry: Entry<V>): Promise<V> => {
    if (entry.loading !== undefined) return entry.loading;
    const loading = startLoad(key, entry);
    entry.loading = loading;
    const end = (isFailure: boolean) => (): void => {
      entry.loading = undefined;
      entry.orStale = undefined;
      entry.failed = isFailure;
    };
    loading.then(end(false), end(true));
    return loading;
  };

  return {
    get(key) {
      const entry = touch(key);
      return isFresh(entry) ? (entry.value as V) : load(key, entry);
    },
    getOrStale(key) {
      const entry = touch(key);
      if (isFresh(entry)) return entry.value as V;
      const loading = load(key, entry);
      if (!entry.hasValue) return loading;
      const cached = (): V => entry.value as V;
      return (entry.orStale ??= entry.failed
        ? Promise.resolve(cached())
        : orElse(loading, staleAfterMs, cached));
    },
    peek: (key) => peek(key)?.value,
    invalidate: remove,
  };
};
