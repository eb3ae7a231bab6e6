import type { WatchOptions } from "../../../sdk/watch-place.ts";

let isMine = false;

/** Takes the browser's one lock for as long as this tab lives, if it is free. */
const takeLock = (): Promise<boolean> =>
  new Promise((resolve) => {
    const keep = (lock: Lock | null): Promise<void> | undefined => {
      isMine = lock !== null;
      resolve(isMine);
      return isMine ? new Promise(() => undefined) : undefined;
    };
    navigator.locks.request("frontrow.listening", { ifAvailable: true }, keep).catch(() => {
      resolve(false);
    });
  });

/**
 * To be pushed to, a tab keeps a connection open. A browser allows only a few to one server, so of all
 * its tabs one listens, and the others ask. Only secure pages have the lock: elsewhere who is seen listens.
 */
const mayListen = async (): Promise<boolean> => {
  if (isMine) return true;
  return navigator.locks === undefined ? !document.hidden : takeLock();
};

// In the first seconds of a sale everybody comes at once: until he is pushed to, he asks.
const firstAtMs = 2_000 + Math.random() * 4_000;

export const push: NonNullable<WatchOptions["push"]> = async () => {
  if (performance.now() < firstAtMs || !(await mayListen())) return null;
  try {
    return (await import("../../../sdk/listen.ts")).listen;
  } catch {
    return null; // It did not load; asking needs nothing more.
  }
};
