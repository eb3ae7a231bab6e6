/** Gathers calls of one event-loop turn, so that one round trip serves them all. */
export interface Gather<K, Item, Result> {
  add(key: K, item: Item): Promise<Result>;
}

interface Caller<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * `send` gets the items of a key in their order of arrival, at most `itemsMax` at a time, and answers
 * as many results in the same order. No timer: what arrives in one turn leaves at its end. Keys are
 * compared by `keyText`.
 */
export const gather = <K, Item, Result>(options: {
  readonly keyText: (key: K) => string;
  readonly itemsMax: number;
  readonly send: (key: K, items: readonly Item[]) => Promise<readonly Result[]>;
}): Gather<K, Item, Result> => {
  /** A new one each turn: a Map that is cleared stays linked to what it was, and so does what it held. */
  let pending = new Map<string, { readonly key: K; readonly callers: Caller<Item, Result>[] }>();
  let scheduled = false;

  const serve = async (key: K, callers: readonly Caller<Item, Result>[]): Promise<void> => {
    try {
      const results = await options.send(
        key,
        callers.map(({ item }) => item),
      );
      if (results.length !== callers.length)
        throw new Error("an answer for each caller is missing");
      results.forEach((result, index) => callers[index]?.resolve(result));
    } catch (error) {
      for (const { reject } of callers) reject(error);
    }
  };

  const flush = (): void => {
    scheduled = false;
    const groups = pending;
    pending = new Map();
    for (const { key, callers } of groups.values()) {
      for (let start = 0; start < callers.length; start += options.itemsMax) {
        void serve(key, callers.slice(start, start + options.itemsMax));
      }
    }
  };

  return {
    add: (key, item) =>
      new Promise<Result>((resolve, reject) => {
        const text = options.keyText(key);
        const group = pending.get(text) ?? { key, callers: [] };
        group.callers.push({ item, resolve, reject });
        pending.set(text, group);
        if (scheduled) return;
        scheduled = true;
        setImmediate(flush);
      }),
  };
};
