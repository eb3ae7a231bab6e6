import { useEffect, useState } from "preact/hooks";

export interface Polled<T> {
  readonly value: T | null;
  /** When it was read, by this browser's clock. */
  readonly atMs: number;
  /** The last try brought nothing. */
  readonly isAway: boolean;
  refresh(): void;
}

/** Reads at once and every `everyMs` while the page can be seen; keeps the last value when a read fails. */
export const usePolled = <T>(
  read: () => Promise<T | null>,
  everyMs: number,
  depends: readonly unknown[],
): Polled<T> => {
  const [state, setState] = useState<Omit<Polled<T>, "refresh">>({
    value: null,
    atMs: 0,
    isAway: false,
  });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const turn = async (): Promise<void> => {
      if (document.visibilityState === "visible") {
        const value = await read().catch(() => null);
        if (isOver) return;
        if (value === null) setState((before) => ({ ...before, isAway: true }));
        else setState({ value, atMs: Date.now(), isAway: false });
      }
      timer = setTimeout(() => void turn(), everyMs);
    };
    void turn();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [...depends, round]);
  return { ...state, refresh: () => setRound((before) => before + 1) };
};
