import { signal, type Signal } from "../shared/signals.ts";
import type { Scan } from "./records.ts";
import type { DoorStore } from "./store.ts";

/** The scans of this browser, of every show. */
export interface ScanLog {
  /** Rises with each change. */
  readonly changes: Signal<number>;
  all(): Iterable<Scan>;
  /** Writes scans, or what has changed of them. */
  keep(changed: readonly Scan[]): Promise<void>;
  /** In the order in which they were made. */
  unsent(): readonly Scan[];
  /** The scans whose answer by the server differs from what was shown, until they are seen. */
  conflicts(): readonly Scan[];
  seen(n: number): Promise<void>;
  /** The number of the next scan. */
  next(): number;
}

/** `stored` is in the order of the numbers. */
export const scanLog = (
  store: Pick<DoorStore, "writeScans">,
  stored: readonly Scan[],
  onKept: (scan: Scan) => void,
): ScanLog => {
  const scans = new Map(stored.map((scan) => [scan.n, scan]));
  const changes = signal(0);
  let last = stored.at(-1)?.n ?? 0;
  const keep = async (changed: readonly Scan[]): Promise<void> => {
    for (const scan of changed) {
      scans.set(scan.n, scan);
      onKept(scan);
    }
    await store.writeScans(changed);
    changes.value += 1;
  };
  return {
    changes,
    keep,
    all: () => scans.values(),
    unsent: () => [...scans.values()].filter(({ isUnsent }) => isUnsent),
    conflicts: () =>
      [...scans.values()].filter(({ conflict }) => conflict !== null && !conflict.isSeen),
    seen: async (n) => {
      const scan = scans.get(n);
      if (scan?.conflict) await keep([{ ...scan, conflict: { ...scan.conflict, isSeen: true } }]);
    },
    next: () => {
      last += 1;
      return last;
    },
  };
};
