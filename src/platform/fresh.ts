/** The last known value of each key, never older than a limit when asked for with `get`. */
export interface Fresh<K, V> {
  /**
   * A value that was loaded at most `maxAgeMs` ago, else of a load that is running or starts now: one a
   * key, however many ask. Rejects as the load does; what was known before stays known to `peek`.
   */
  get(key: K): Promise<V>;
  /**
   * As `get`, for those who would rather have an old value than wait: a load is waited for at most
   * `patienceMs`, and not at all when the one before it failed; then the last known value of any
   * age is given, and the load goes on. Rejects only when nothing is known.
   */
  soon(key: K): Promise<V>;
  /** The last known value of any age, without a load. */
  peek(key: K): V | undefined;
  /** Forgets the value and disowns a load in flight, which may have read what is no longer so. */
  drop(key: K): void;
}

interface Entry<V> {
  value: V | undefined;
  known: boolean;
  /** When the load of the value began: what it read can be as old as that. */
  loadedAtMs: number;
  loading: Promise<V> | undefined;
  /** What `soon` gives while the load runs: one promise, however many ask. */
  soon: Promise<V> | undefined;
  /** Whether the last load failed. */
  failed: boolean;
}

/** What the promise comes to, else what `instead` gives: at its failure, and `patienceMs` from now. */
const orElse = <V>(promise: Promise<V>, patienceMs: number, instead: () => V): Promise<V> =>
  new Promise((resolve) => {
    const giveUp = (): void => {
      clearTimeout(timer);
      resolve(instead());
    };
    const timer = setTimeout(giveUp, patienceMs);
    promise.then((value) => {
      clearTimeout(timer);
      resolve(value);
    }, giveUp);
  });

/** Entries by their last use; beyond the bound the one that was touched longest ago is forgotten. */
const lastUsed = <K, V>(entriesMax: number) => {
  const entries = new Map<K, Entry<V>>();
  /** In the minute of a sale, the key that everybody asks for. */
  let newest: K | undefined;

  return {
    peek: (key: K): Entry<V> | undefined => entries.get(key),
    drop: (key: K): void => void entries.delete(key),
    touch(key: K): Entry<V> {
      const found = entries.get(key);
      if (found !== undefined && key === newest) return found;
      newest = key;
      const entry = found ?? {
        value: undefined,
        known: false,
        loadedAtMs: 0,
        loading: undefined,
        soon: undefined,
        failed: false,
      };
      // A Map keeps the order of insertion, so that moving to its end makes it a queue by last use.
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
 * A bounded memory of loaded values. Age counts from the start of a load, by the given monotonic clock.
 * Beyond `entriesMax` keys the one that was asked for longest ago is forgotten.
 */
export const fresh = <K, V>(options: {
  load(key: K): Promise<V>;
  readonly maxAgeMs: number;
  nowMs(): number;
  readonly entriesMax: number;
  /** For `soon`; 0 unless told. */
  readonly patienceMs?: number;
}): Fresh<K, V> => {
  const patienceMs = options.patienceMs ?? 0;
  const { touch, peek, drop } = lastUsed<K, V>(options.entriesMax);

  const startLoad = async (key: K, entry: Entry<V>): Promise<V> => {
    const startedAtMs = options.nowMs();
    const value = await options.load(key);
    entry.value = value;
    entry.known = true;
    entry.loadedAtMs = startedAtMs;
    return value;
  };

  const isFresh = (entry: Entry<V>): boolean =>
    entry.known && options.nowMs() - entry.loadedAtMs <= options.maxAgeMs;

  /** The load that runs, or one that starts now. */
  const load = (key: K, entry: Entry<V>): Promise<V> => {
    if (entry.loading !== undefined) return entry.loading;
    const loading = startLoad(key, entry);
    entry.loading = loading;
    const end = (isFailure: boolean) => (): void => {
      entry.loading = undefined;
      entry.soon = undefined;
      entry.failed = isFailure;
    };
    loading.then(end(false), end(true));
    return loading;
  };

  return {
    get(key) {
      const entry = touch(key);
      return isFresh(entry) ? Promise.resolve(entry.value as V) : load(key, entry);
    },
    soon(key) {
      const entry = touch(key);
      if (isFresh(entry)) return Promise.resolve(entry.value as V);
      const loading = load(key, entry);
      if (!entry.known) return loading;
      const lastKnown = (): V => entry.value as V;
      return (entry.soon ??= entry.failed
        ? Promise.resolve(lastKnown())
        : orElse(loading, patienceMs, lastKnown));
    },
    peek: (key) => peek(key)?.value,
    drop,
  };
};
