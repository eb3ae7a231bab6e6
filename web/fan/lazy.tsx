import type { ComponentType, JSX } from "preact";
import { tabStorage } from "../shared/storage.ts";
import { signal } from "../shared/signals.ts";
import { LoadError } from "./components.tsx";
import { texts } from "./texts/index.ts";

/** A component that is loaded on demand. */
export interface Lazy<Props> {
  (props: Props): JSX.Element | null;
  /** Loads the component ahead of time. An error shows when the component does. */
  preload(): void;
}

const reloadedKey = "reloaded";

/** The files that are loaded, by the function that loads them. */
const loadedParts = new Map<() => Promise<unknown>, unknown>();

/**
 * Loads a part of the pages when its component is first shown, or when it is preloaded. An optional component
 * shows only after a preload. Another one shows at once when its file is loaded, by whatever component: a
 * moment without it would take the focus away. A missing file usually means a new release, so the page reloads once; after that
 * it offers to try again.
 */
export const lazy = <Part, Props extends object>(
  load: () => Promise<Part>,
  componentOf: (part: Part) => ComponentType<Props>,
  isOptional = false,
): Lazy<Props> => {
  const component = signal<ComponentType<Props> | null>(null);
  const hasFailed = signal(false);
  let isLoading = false;
  const start = async (isShown: boolean): Promise<void> => {
    if (isLoading) return;
    isLoading = true;
    try {
      const part = await load();
      loadedParts.set(load, part);
      component.value = componentOf(part);
      tabStorage.remove(reloadedKey);
    } catch {
      isLoading = false;
      if (!isShown) return;
      hasFailed.value = true;
      if (tabStorage.read(reloadedKey) === true || !navigator.onLine) return;
      tabStorage.write(reloadedKey, true);
      location.reload();
    }
  };
  const Loaded = (props: Props): JSX.Element | null => {
    if (!isOptional && loadedParts.has(load))
      component.value ??= componentOf(loadedParts.get(load) as Part);
    const { value: Component } = component;
    if (Component !== null) return <Component {...props} />;
    if (isOptional) return null;
    const retry = (): void => {
      hasFailed.value = false;
    };
    if (hasFailed.value) return <LoadError text={texts().broken} onRetry={retry} />;
    void start(true);
    return <p class="soft">{texts().loading}</p>;
  };
  return Object.assign(Loaded, { preload: () => void start(false) });
};
