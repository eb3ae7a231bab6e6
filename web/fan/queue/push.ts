import type { WatchOptions } from "../../../sdk/watch-place.ts";

let isMine = false;

/** Takes the lock of the browser if it is free, for as long as this tab lives. */
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
 * Whether this tab may hold a stream. A browser allows few connections to one server, so one tab takes a lock
 * and listens, and the other tabs poll. Locks exist on secure pages only; elsewhere each visible tab listens.
 */
const canListen = async (): Promise<boolean> => {
  if (isMine) return true;
  return navigator.locks === undefined ? !document.hidden : takeLock();
};

// All fans come in the first seconds of a sale. The page polls for 2 to 6 s before it opens a stream.
const firstAtMs = 2_000 + Math.random() * 4_000;

export const push: NonNullable<WatchOptions["push"]> = async () => {
  if (performance.now() < firstAtMs || !(await canListen())) return null;
  try {
    return (await import("../while-waiting.ts")).listen;
  } catch {
    return null; // The module did not load; the page goes on polling.
  }
};
