import type { ComponentType, JSX } from "preact";
import { tabKeep } from "../shared/keep.ts";
import { signal } from "../shared/signals.ts";
import { Trouble } from "./parts.tsx";
import { words } from "./words/index.ts";

/** A part of the pages that is loaded when it is first shown. */
export interface Later<Props> {
  (props: Props): JSX.Element;
  /** Loads it ahead of time; trouble is met when it is shown. */
  prepare(): void;
}

const reloaded = "reloaded";

/**
 * Shows `load`'s component once it is there. A file that is gone means a new release: the page is
 * loaded anew once, and only then asks.
 */
export const later = <Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): Later<Props> => {
  const part = signal<ComponentType<Props> | null>(null);
  const hasFailed = signal(false);
  let isLoading = false;
  const start = async (isWanted: boolean): Promise<void> => {
    if (isLoading) return;
    isLoading = true;
    try {
      part.value = await load();
      tabKeep.drop(reloaded);
    } catch {
      isLoading = false;
      if (!isWanted) return;
      hasFailed.value = true;
      if (tabKeep.read(reloaded) === true || !navigator.onLine) return;
      tabKeep.write(reloaded, true);
      location.reload();
    }
  };
  const Shown = (props: Props): JSX.Element => {
    const { value: Part } = part;
    if (Part !== null) return <Part {...props} />;
    const retry = (): void => {
      hasFailed.value = false;
    };
    if (hasFailed.value) return <Trouble text={words().broken} onRetry={retry} />;
    void start(true);
    return <p class="soft">{words().loading}</p>;
  };
  return Object.assign(Shown, { prepare: () => void start(false) });
};
