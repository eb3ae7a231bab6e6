import { useEffect, useState } from "preact/hooks";
import { tabStorage } from "../../shared/storage.ts";

/** Takes the value after a marker from the fragment of the address, and removes it from there. Null without one. */
const take = (marker: string): string | null => {
  const { hash } = location;
  if (!hash.startsWith(marker)) return null;
  history.replaceState(null, "", location.pathname);
  return hash.slice(marker.length);
};

/**
 * The value that a link has brought in its fragment, until it is dropped. Browsers do not send it to servers. With
 * `keptAs` the tab keeps it under that name, also while the fan signs in elsewhere.
 */
export const useFragment = (
  marker: string,
  keptAs: string | null = null,
): readonly [value: string | null, drop: () => void] => {
  const read = (): string | null => {
    const taken = take(marker);
    if (keptAs === null) return taken;
    if (taken !== null) tabStorage.write(keptAs, taken);
    return tabStorage.read<string>(keptAs);
  };
  const [value, setValue] = useState(read);
  useEffect(() => {
    const follow = (): void => setValue((before) => read() ?? before);
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  const drop = (): void => {
    if (keptAs !== null) tabStorage.remove(keptAs);
    setValue(null);
  };
  return [value, drop];
};
