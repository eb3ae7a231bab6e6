import { signal } from "../shared/signals.ts";
import { browserStorage } from "../shared/storage.ts";

/** The user who is signed in in this browser. */
export interface Session {
  readonly userId: string;
  readonly accessToken: string;
  readonly name: string;
}

const storageKey = "session";
const readSession = (): Session | null => browserStorage.read<Session>(storageKey);

export const session = signal(readSession());

/** Stores the signed-in user; null signs out, and the server keeps the user's places and tickets. */
export const setSession = (next: Session | null): void => {
  if (next === null) browserStorage.remove(storageKey);
  else browserStorage.write(storageKey, next);
  session.value = next;
};

addEventListener("storage", () => {
  const next = readSession();
  if (next?.accessToken !== session.peek()?.accessToken) session.value = next;
});
