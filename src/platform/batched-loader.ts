import { Unavailable } from "#kernel/unavailable.ts";
import { pendingCalls, type PendingCall } from "./pending-calls.ts";

/** At least one item. */
export type Batch<Item> = readonly [Item, ...Item[]];

interface LoaderOptions<Item, Result> {
  /** The most items of one load. */
  readonly batchMax: number;
  /** Loads the items; returns one result for each, in their order. */
  load(items: Batch<Item>): Promise<readonly Result[]>;
}

type Caller<Item, Result> = Pick<PendingCall<Item, Result>, "command" | "resolve" | "reject">;

const isBatch = <Item>(items: readonly Item[]): items is Batch<Item> => items.length > 0;

/** Loads for the callers; a load that fails, or returns too few results, fails all of them. */
const serve = async <Item, Result>(
  callers: readonly Caller<Item, Result>[],
  load: LoaderOptions<Item, Result>["load"],
): Promise<void> => {
  const items = callers.map(({ command }) => command);
  if (!isBatch(items)) return;
  try {
    const results = await load(items);
    if (results.length !== items.length) throw new Error("a load must return a result for each");
    results.forEach((result, index) => callers[index]?.resolve(result));
  } catch (error) {
    for (const { reject } of callers) reject(error);
  }
};

/**
 * Returns a function that loads one item. The items of one event-loop turn leave at its end, in one load a
 * group. Loads run beside each other; the store bounds their number and their time.
 */
export const batchedLoader = <Item, Result>(
  options: LoaderOptions<Item, Result> & {
    /** Items of two groups are never loaded together. */
    groupOf(item: Item): string;
  },
): ((item: Item) => Promise<Result>) => {
  const { batchMax, groupOf, load } = options;
  /** A new Map each turn: a Map that is cleared stays linked to what it held, and keeps it alive. */
  let groups = new Map<string, Caller<Item, Result>[]>();

  const flush = (): void => {
    const leaving = groups;
    groups = new Map();
    for (const callers of leaving.values())
      for (let from = 0; from < callers.length; from += batchMax)
        void serve(callers.slice(from, from + batchMax), load);
  };

  return (item) =>
    new Promise((resolve, reject) => {
      if (groups.size === 0) setImmediate(flush);
      const group = groupOf(item);
      const callers = groups.get(group) ?? [];
      callers.push({ command: item, resolve, reject });
      groups.set(group, callers);
    });
};

export interface QueuedLoader<Item, Result> {
  /**
   * Loads one item, together with those that arrive before its load begins. Throws Unavailable when too
   * many wait, at the deadline, and after `close`.
   */
  load(item: Item): Promise<Result>;
  /** Refuses new items, and resolves when every item before has its answer. */
  close(): Promise<void>;
}

/** Loads items with one load at a time: while it runs, arrivals wait for the next one. */
export const queuedLoader = <Item, Result>(
  options: LoaderOptions<Item, Result> & {
    /** Items that wait for a load; one more is refused at once. */
    readonly waitingMax: number;
    /** From the call to the answer Unavailable, in ms. */
    readonly deadlineMs: number;
    monotonicMs(): number;
  },
): QueuedLoader<Item, Result> => {
  const { batchMax, waitingMax, load } = options;
  const calls = pendingCalls<Item, Result>(options);
  let waiting: PendingCall<Item, Result>[] = [];
  let isLoading = false;

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchMax);
      waiting = waiting.slice(batchMax);
      await serve(
        batch.filter((call) => !call.isAnswered()),
        load,
      );
    }
    isLoading = false;
  };

  return {
    load(item) {
      if (calls.isClosed()) return Promise.reject(new Unavailable("shutting down"));
      if (waiting.length >= waitingMax)
        return Promise.reject(new Unavailable("too many requests wait"));
      const { call, answer } = calls.add(item);
      waiting.push(call);
      if (!isLoading) {
        isLoading = true;
        // The items of one event-loop turn share the first load.
        setImmediate(() => void drain());
      }
      return answer;
    },
    close: () => calls.close(),
  };
};
