import { useEffect, useState } from "preact/hooks";

export interface Polled<T> {
  readonly value: T | null;
  /** When it was read, by this browser's clock, in epoch ms. */
  readonly atMs: number;
  /** The last read failed. */
  readonly hasFailed: boolean;
  refresh(): void;
}

/** Reads now and every `everyMs` while the page is visible. Keeps the last value when a read fails. */
export const usePolled = <T>(
  read: () => Promise<T | null>,
  everyMs: number,
  dependencies: readonly unknown[],
): Polled<T> => {
  const [state, setState] = useState<Omit<Polled<T>, "refresh">>({
    value: null,
    atMs: 0,
    hasFailed: false,
  });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isStopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const turn = async (): Promise<void> => {
      if (document.visibilityState === "visible") {
        const value = await read().catch(() => null);
        if (isStopped) return;
        if (value === null) setState((before) => ({ ...before, hasFailed: true }));
        else setState({ value, atMs: Date.now(), hasFailed: false });
      }
      timer = setTimeout(() => void turn(), everyMs);
    };
    void turn();
    return () => {
      isStopped = true;
      clearTimeout(timer);
    };
  }, [...dependencies, round]);
  return { ...state, refresh: () => setRound((before) => before + 1) };
};
