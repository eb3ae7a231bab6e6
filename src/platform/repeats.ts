/** One line of a log that is not written yet. */
export interface Line {
  readonly level: "warn" | "error";
  readonly fields: object;
  readonly message: string;
}

export interface Repeats {
  /** Writes the line, or counts it when a line with the same cause was written a moment ago. */
  add(cause: string, line: Line): void;
  /** Writes what is counted, for the end of the process. */
  flush(): void;
}

interface Counted {
  readonly timer: NodeJS.Timeout;
  count: number;
  last: Line | null;
}

/** A store that is away fails thousands of requests a second, each with the same cause. */
const everyMs = 10_000;
/** Further causes share one line, so that texts that vary fill no memory. */
const causesMax = 200;
const othersCause = "";

/**
 * Writes one line for each cause every 10 s: the first line at once, then the last one of each 10 s, with the
 * number of lines that it stands for as `repeated`. The timers do not keep the process alive.
 */
export const collectRepeats = (write: (line: Line) => void): Repeats => {
  const causes = new Map<string, Counted>();

  const writeCounted = ({ count, last }: Counted): void => {
    if (last !== null) write({ ...last, fields: { ...last.fields, repeated: count } });
  };
  const begin = (cause: string): void => {
    const timer = setTimeout(() => {
      const counted = causes.get(cause);
      causes.delete(cause);
      if (counted === undefined || counted.last === null) return;
      begin(cause);
      writeCounted(counted);
    }, everyMs);
    timer.unref();
    causes.set(cause, { timer, count: 0, last: null });
  };

  return {
    add(named, line) {
      const isKnown = causes.has(named) || causes.size < causesMax;
      const cause = isKnown ? named : othersCause;
      const counted = causes.get(cause);
      if (counted === undefined) {
        begin(cause);
        return write(line);
      }
      counted.count += 1;
      counted.last = line;
    },
    flush() {
      const pending = [...causes.values()];
      causes.clear();
      for (const counted of pending) {
        clearTimeout(counted.timer);
        writeCounted(counted);
      }
    },
  };
};
