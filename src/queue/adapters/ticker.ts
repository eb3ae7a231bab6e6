/** Runs work for each of a changing list of things, a few times a second, until it is stopped. */
export interface Ticker {
  /** Ends it, and waits for what is running (bounded by the work's own time limits). */
  stop(): Promise<void>;
}

export interface TickerOptions<Item> {
  readonly everyMs: number;
  /** At most so many at once; who found no room is first at the next tick. */
  readonly atOnceMax: number;
  /** After this time a work that still runs is reported as failed; it is not started a second time. */
  readonly lateMs: number;
  readonly items: () => Promise<readonly Item[]>;
  readonly nameOf: (item: Item) => string;
  readonly work: (item: Item) => Promise<void>;
  /** Work that failed or is late, or with null a list that could not be read. */
  readonly onTrouble: (item: Item | null, error: unknown) => void;
}

/**
 * Each item has at most one work running, so a slow one misses ticks and stops nobody else. Ticks do
 * not pile up: the next one comes `everyMs` after the last one has started its works.
 */
export const startTicker = <Item>(options: TickerOptions<Item>): Ticker => {
  const running = new Map<string, Promise<void>>();
  let waiting: readonly string[] = [];
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let ticking: Promise<void> = Promise.resolve();

  /** Who found no room last time comes first, in the order of then; a sort keeps the others' order. */
  const turnOf = (item: Item): number => {
    const turn = waiting.indexOf(options.nameOf(item));
    return turn < 0 ? waiting.length : turn;
  };

  const start = (item: Item): void => {
    const name = options.nameOf(item);
    const late = setTimeout(() => {
      options.onTrouble(item, new Error(`took longer than ${options.lateMs} ms`));
    }, options.lateMs);
    const work = Promise.resolve()
      .then(() => options.work(item))
      .catch((error: unknown) => options.onTrouble(item, error))
      .finally(() => {
        clearTimeout(late);
        running.delete(name);
      });
    running.set(name, work);
  };

  const tick = async (): Promise<void> => {
    try {
      const idle = (await options.items()).filter((item) => !running.has(options.nameOf(item)));
      const ordered = idle.toSorted((a, b) => turnOf(a) - turnOf(b));
      const room = Math.max(0, options.atOnceMax - running.size);
      if (!stopped) ordered.slice(0, room).forEach(start);
      waiting = ordered.slice(room).map(options.nameOf);
    } catch (error) {
      options.onTrouble(null, error);
    }
    if (stopped) return;
    timer = setTimeout(() => {
      ticking = tick();
    }, options.everyMs);
  };
  ticking = tick();

  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await ticking;
      await Promise.all(running.values());
    },
  };
};
