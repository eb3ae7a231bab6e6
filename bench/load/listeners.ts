import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Heard, Listening } from "./listener.ts";

/** Open streams, held by a process of their own. */
export interface Listeners {
  heard(): Promise<Heard>;
  close(): Promise<void>;
}

const program = fileURLToPath(new URL("./listener.ts", import.meta.url));
const openWithinMs = 120_000;

/** Opens a stream for each request; resolves when every one has said something. Throws when some have not. */
export const openListeners = async (listening: Listening, count: number): Promise<Listeners> => {
  const child = fork(program, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ask = async (message: Listening | "tell"): Promise<Heard> => {
    const answer = once(child, "message", { signal: AbortSignal.timeout(openWithinMs) });
    child.send(message);
    return ((await answer) as [Heard])[0];
  };
  const close = async (): Promise<void> => {
    child.disconnect();
    await once(child, "exit");
  };
  const { open, troubles } = await ask(listening);
  if (open < count) {
    await close();
    throw new Error(`${open} of ${count} streams are open: ${troubles.join()}`);
  }
  return { heard: () => ask("tell"), close };
};
