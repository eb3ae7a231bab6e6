/** The last known value of each key, never older than a limit when asked for with `get`. */
export interface Fresh<K, V> {
  /**
   * A value that was loaded at most `maxAgeMs` ago, else of a load that is running or starts now: one a
   * key, however many ask. Rejects as the load does; what was known before stays known to `peek`.
   */
  get(key: K): Promise<V>;
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
}

/**
 * A bounded memory of loaded values. Age counts from the start of a load, by the given monotonic clock.
 * Beyond `entriesMax` keys the one that was asked for longest ago is forgotten.
 */
export const fresh = <K, V>(options: {
  load(key: K): Promise<V>;
  readonly maxAgeMs: number;
  nowMs(): number;
  readonly entriesMax: number;
}): Fresh<K, V> => {
  const entries = new Map<K, Entry<V>>();

  const touch = (key: K): Entry<V> => {
    const found = entries.get(key);
    const entry = found ?? { value: undefined, known: false, loadedAtMs: 0, loading: undefined };
    // A Map keeps the order of insertion, so that moving to its end makes it a queue by last use.
    if (found !== undefined) entries.delete(key);
    entries.set(key, entry);
    if (entries.size > options.entriesMax) {
      const oldest = entries.keys().next();
      if (!oldest.done) entries.delete(oldest.value);
    }
    return entry;
  };

  const startLoad = async (key: K, entry: Entry<V>): Promise<V> => {
    const startedAtMs = options.nowMs();
    const value = await options.load(key);
    entry.value = value;
    entry.known = true;
    entry.loadedAtMs = startedAtMs;
    return value;
  };

  return {
    get(key) {
      const entry = touch(key);
      if (entry.known && options.nowMs() - entry.loadedAtMs <= options.maxAgeMs) {
        return Promise.resolve(entry.value as V);
      }
      if (entry.loading !== undefined) return entry.loading;
      const load = startLoad(key, entry);
      entry.loading = load;
      const forget = (): void => {
        entry.loading = undefined;
      };
      load.then(forget, forget);
      return load;
    },
    peek: (key) => entries.get(key)?.value,
    drop: (key) => void entries.delete(key),
  };
};
