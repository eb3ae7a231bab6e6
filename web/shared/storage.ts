/** Stores values in the browser; where storage is off or full, for as long as the page lives. */
export interface ValueStorage {
  read<T>(name: string): T | null;
  write(name: string, value: unknown): void;
  remove(name: string): void;
  /** Removes every value whose name is stale. */
  clear(isStale: (name: string) => boolean): void;
}

const prefix = "frontrow.";

/** The result of `work`, or null when it throws: storage is off or full, or a value is not JSON. */
const attempt = <T>(work: () => T): T | null => {
  try {
    return work();
  } catch {
    return null;
  }
};

const storageIn = (find: () => Storage): ValueStorage => {
  /** Values that the browser did not store. Others must not be here: another tab may remove them. */
  const unstored = new Map<string, string>();
  const remove = (name: string): void => {
    unstored.delete(name);
    attempt(() => find().removeItem(prefix + name));
  };
  return {
    read<T>(name: string) {
      const text = unstored.get(name) ?? attempt(() => find().getItem(prefix + name));
      return text === null ? null : attempt(() => JSON.parse(text) as T);
    },
    write(name, value) {
      const text = JSON.stringify(value);
      unstored.set(name, text);
      attempt(() => {
        find().setItem(prefix + name, text);
        unstored.delete(name);
      });
    },
    remove,
    clear(isStale) {
      const stored = attempt(() => Object.keys(find())) ?? [];
      const names = [...stored.map((name) => name.slice(prefix.length)), ...unstored.keys()];
      for (const name of names) if (isStale(name)) remove(name);
    },
  };
};

/** For all tabs of this browser. */
export const browserStorage = storageIn(() => localStorage);
/** For this tab; a reload finds it. */
export const tabStorage = storageIn(() => sessionStorage);
