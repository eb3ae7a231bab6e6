import { tabKeep } from "../../shared/keep.ts";

/** A key that nobody else has. Also where the browser has no randomUUID: on pages that are not secure. */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");

/** Something that was asked of the server and not answered yet: asked again by the same key, it is done once. */
export interface Intent<T> {
  readonly key: string;
  readonly wish: T;
}

/** An intent as this tab keeps it, so that a reload goes on asking for the same instead of doing it twice. */
export const keptIntent = <T>(name: string) => {
  const kept = `intent.${name}`;
  return {
    read: (): Intent<T> | null => tabKeep.read<Intent<T>>(kept),
    /** The one that is kept, or a new one. */
    begin(wish: T): Intent<T> {
      const intent = tabKeep.read<Intent<T>>(kept) ?? { key: newKey(), wish };
      tabKeep.write(kept, intent);
      return intent;
    },
    settle: () => tabKeep.drop(kept),
  };
};
