/** Work that repeats until it is closed. */
export interface Periodic {
  /** Begins the first pass at once; a second call changes nothing. */
  start(): void;
  /** Begins no further work, and waits for the work that runs; its own time limits bound the wait. */
  close(): Promise<void>;
}

/** Work that may sleep while it has nothing to do. */
export interface WakingPeriodic extends Periodic {
  /** Lets it list its items again if it sleeps: after `everyMs`, or after so many ms. */
  wake(afterMs?: number): void;
}

interface Timing {
  /** From the end of one listing of the items to the next one, in ms. */
  readonly everyMs: number;
  /** Work that runs for longer than so many ms is reported, once; it is not stopped. */
  readonly lateMs: number;
}

export interface PeriodicOptions<Item> extends Timing {
  /** Lists the items of a pass. */
  items(): Promise<readonly Item[]>;
  /** Two items with the same key never work at the same time. */
  keyOf(item: Item): string;
  /** After a pass without items no timer runs until `wake`; otherwise the next pass lists them again. */
  readonly sleeps?: boolean;
  /** The most items that work at the same time. */
  readonly concurrencyMax: number;
  /** "more" makes the item work again at once, without waiting for the next pass. */
  work(item: Item): Promise<"more" | "done" | void>;
  /** Receives the error of an item that failed or is late; with null, the items could not be listed. */
  onError(item: Item | null, error: unknown): void;
}

/** Returns whether the item has more work. Reports its failure, and that it is late. */
const workOnce = async <Item>(options: PeriodicOptions<Item>, item: Item): Promise<boolean> => {
  const late = setTimeout(() => {
    options.onError(item, new Error(`took longer than ${options.lateMs} ms`));
  }, options.lateMs);
  late.unref();
  try {
    return (await options.work(item)) === "more";
  } catch (error) {
    options.onError(item, error);
    return false;
  } finally {
    clearTimeout(late);
  }
};

/**
 * Repeats work for each item of a changing list. A slow item misses passes and delays no other item.
 * An item that finds no room starts before the others in the next pass, so every item gets its turn.
 * The timers do not keep the process alive.
 */
export const periodic = <Item>(options: PeriodicOptions<Item>): WakingPeriodic => {
  const running = new Map<string, Promise<void>>();
  /** Keys of the items that found no room in the last pass, in their order. */
  let skipped: readonly string[] = [];
  let state: "idle" | "started" | "closed" = "idle";
  let timer: NodeJS.Timeout | undefined;
  let listing: Promise<void> = Promise.resolve();
  let isAsleep = false;
  /** Since the last listing began, which may have missed the new item. */
  let isWoken = false;

  const begin = (item: Item): void => {
    const key = options.keyOf(item);
    const repeat = async (): Promise<void> => {
      while (state === "started" && (await workOnce(options, item)));
      running.delete(key);
    };
    running.set(key, repeat());
  };

  const rankOf = (item: Item): number => {
    const rank = skipped.indexOf(options.keyOf(item));
    return rank < 0 ? skipped.length : rank;
  };

  const wait = (ms: number): void => {
    timer = setTimeout(() => {
      listing = pass();
    }, ms);
    timer.unref();
  };

  const pass = async (): Promise<void> => {
    let mayHaveItems = true;
    isWoken = false;
    try {
      const items = await options.items();
      mayHaveItems = items.length > 0;
      const idle = items.filter((item) => !running.has(options.keyOf(item)));
      // A stable sort: items with the same rank keep their order.
      const ordered = idle.toSorted((a, b) => rankOf(a) - rankOf(b));
      const room = Math.max(0, options.concurrencyMax - running.size);
      if (state === "started") ordered.slice(0, room).forEach(begin);
      skipped = ordered.slice(room).map(options.keyOf);
    } catch (error) {
      options.onError(null, error);
    }
    isAsleep = options.sleeps === true && !mayHaveItems && !isWoken;
    if (state === "started" && !isAsleep) wait(options.everyMs);
  };

  return {
    start() {
      if (state !== "idle") return;
      state = "started";
      listing = pass();
    },
    wake(afterMs = options.everyMs) {
      isWoken = true;
      if (!isAsleep || state !== "started") return;
      isAsleep = false;
      wait(afterMs);
    },
    async close() {
      state = "closed";
      clearTimeout(timer);
      await listing;
      await Promise.all(running.values());
    },
  };
};

/** Repeats a single piece of work; it never runs twice at the same time. */
export const periodicJob = (
  options: Timing & {
    work(): Promise<"more" | "done" | void>;
    onError(error: unknown): void;
  },
): Periodic =>
  periodic({
    ...options,
    items: () => Promise.resolve(["job"]),
    keyOf: (job) => job,
    concurrencyMax: 1,
    work: () => options.work(),
    onError: (_, error) => options.onError(error),
  });
