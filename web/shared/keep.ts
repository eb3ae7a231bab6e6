/** Values kept in the browser; where it keeps nothing, they last as long as the page. */
export interface Keep {
  read<T>(name: string): T | null;
  write(name: string, value: unknown): void;
  drop(name: string): void;
}

const prefix = "frontrow.";

const keepIn = (find: () => Storage): Keep => {
  const spare = new Map<string, string>();
  const storage = (): Storage | null => {
    try {
      return find();
    } catch {
      return null; // Switched off by the person or the browser.
    }
  };
  return {
    read<T>(name: string) {
      try {
        const text = storage()?.getItem(prefix + name) ?? spare.get(name);
        return text === undefined ? null : (JSON.parse(text) as T);
      } catch {
        return null;
      }
    },
    write(name, value) {
      const text = JSON.stringify(value);
      spare.set(name, text);
      try {
        storage()?.setItem(prefix + name, text);
      } catch {
        // Full or forbidden: the page remembers.
      }
    },
    drop(name) {
      spare.delete(name);
      try {
        storage()?.removeItem(prefix + name);
      } catch {
        // Nothing was kept.
      }
    },
  };
};

/** For this browser, in all its tabs, until it is cleared. */
export const browserKeep = keepIn(() => localStorage);
/** For this tab, over reloads. */
export const tabKeep = keepIn(() => sessionStorage);
