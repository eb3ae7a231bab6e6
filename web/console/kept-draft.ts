import { useEffect, useRef, useState } from "preact/hooks";
import { tabStorage } from "../shared/storage.ts";
import { firstDraft, type Draft } from "./draft.ts";

const name = "new-sale";

/**
 * The form of a new sale. It stays in the tab when the page is left or loaded again, until `reset` empties it or the
 * sale is made. It is stored when the page is left: a plan may have 60,000 places.
 */
export const useKeptDraft = () => {
  const [draft, setDraft] = useState<Draft>(() => ({
    ...firstDraft(),
    ...tabStorage.read<Draft>(name),
  }));
  const latest = useRef<Draft | null>(null);
  const change = (part: Partial<Draft>): void =>
    setDraft((before) => (latest.current = { ...before, ...part }));
  const forget = (): void => {
    latest.current = null;
    tabStorage.remove(name);
  };
  const reset = (): void => {
    forget();
    setDraft(firstDraft());
  };
  useEffect(() => {
    const keep = (): void => {
      if (latest.current !== null) tabStorage.write(name, latest.current);
    };
    addEventListener("pagehide", keep);
    return () => {
      removeEventListener("pagehide", keep);
      keep();
    };
  }, []);
  return { draft, change, reset, forget };
};
