import { useRef, useState } from "preact/hooks";
import { newKey } from "../shared/key.ts";

/** A form refuses a second submission for this long after the first: the second click of a double click. */
const doubleClickMs = 500;

export interface Submitting {
  readonly isBusy: boolean;
  /** Runs the work, unless the work before is not over or was over just now. */
  run(work: () => Promise<void>): Promise<void>;
}

/** Submits one request of a form at a time. */
export const useSubmitting = (): Submitting => {
  const isRunning = useRef(false);
  const [isBusy, setBusy] = useState(false);
  const end = (): void => {
    isRunning.current = false;
    setBusy(false);
  };
  const run = async (work: () => Promise<void>): Promise<void> => {
    if (isRunning.current) return;
    isRunning.current = true;
    setBusy(true);
    try {
      await work();
    } finally {
      setTimeout(end, doubleClickMs);
    }
  };
  return { isBusy, run };
};

/** The Idempotency-Key of what a form makes. `renew` starts the next one. */
export const useIntentKey = (): { readonly key: string; renew(): void } => {
  const [key, setKey] = useState(newKey);
  return { key, renew: () => setKey(newKey()) };
};
