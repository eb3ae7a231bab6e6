import { signal } from "../shared/signals.ts";
import { browserKeep } from "../shared/keep.ts";

/** Who uses this browser, as the server knows him. */
export interface Session {
  readonly userId: string;
  readonly accessToken: string;
  readonly name: string;
}

const kept = "session";
const read = (): Session | null => browserKeep.read<Session>(kept);

export const session = signal(read());

/** Keeps who uses this browser; null forgets him, and his places and tickets stay his. */
export const setSession = (next: Session | null): void => {
  if (next === null) browserKeep.drop(kept);
  else browserKeep.write(kept, next);
  session.value = next;
};

addEventListener("storage", () => {
  const next = read();
  if (next?.accessToken !== session.peek()?.accessToken) session.value = next;
});
