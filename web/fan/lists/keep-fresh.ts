import { linkAbort } from "../../../sdk/abort.ts";

/** The events of a return to the page come in a burst; one load answers them. */
const burstMs = 500;

/**
 * Loads now, again when the fan returns to the page, and every `everyMs` while the page is visible, until the
 * returned function is called.
 */
export const keepFresh = (load: () => unknown, everyMs = 20_000): (() => void) => {
  const { signal, abort } = linkAbort();
  let lastAtMs = -burstMs;
  const run = (): void => {
    const nowMs = performance.now();
    if (document.hidden || nowMs - lastAtMs < burstMs) return;
    lastAtMs = nowMs;
    void load();
  };
  for (const event of ["focus", "pageshow", "online"]) addEventListener(event, run, { signal });
  document.addEventListener("visibilitychange", run, { signal });
  // Fans who came together must not ask together.
  const timer = setInterval(run, everyMs * (0.8 + Math.random() * 0.4));
  signal.addEventListener("abort", () => clearInterval(timer));
  run();
  return abort;
};
