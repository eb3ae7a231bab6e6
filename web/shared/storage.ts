/** Stores values in the browser; where storage is off, for as long as the page lives. */
export interface PersistentStore {
  read<T>(name: string): T | null;
  write(name: string, value: unknown): void;
  remove(name: string): void;
}

const prefix = "frontrow.";

const storageIn = (find: () => Storage): PersistentStore => {
  const fallback = new Map<string, string>();
  const storage = (): Storage | null => {
    try {
      return find();
    } catch {
      return null; // The user or the browser has switched storage off.
    }
  };
  return {
    read<T>(name: string) {
      try {
        const text = storage()?.getItem(prefix + name) ?? fallback.get(name);
        return text === undefined ? null : (JSON.parse(text) as T);
      } catch {
        return null;
      }
    },
    write(name, value) {
      const text = JSON.stringify(value);
      fallback.set(name, text);
      try {
        storage()?.setItem(prefix + name, text);
      } catch {
        // Storage is full or forbidden: the value lives as long as the page.
      }
    },
    remove(name) {
      fallback.delete(name);
      try {
        storage()?.removeItem(prefix + name);
      } catch {
        // Storage is off: nothing was stored.
      }
    },
  };
};

/** For all tabs of this browser. */
export const browserStorage = storageIn(() => localStorage);
/** For this tab; a reload finds it. */
export const tabStorage = storageIn(() => sessionStorage);
