import { linkAbort } from "../../../sdk/abort.ts";

/** The events of a return to the page come in a burst; one load at its begin and one at its end answer them. */
const burstMs = 500;

/**
 * Loads now, again when the fan returns to the page, and every `everyMs` while the page is visible, until the
 * returned function is called.
 */
export const keepFresh = (load: () => unknown, everyMs = 20_000): (() => void) => {
  const { signal, abort } = linkAbort();
  let lastAtMs = -burstMs;
  let later: ReturnType<typeof setTimeout> | undefined;
  const run = (): void => {
    if (document.hidden) return;
    const nowMs = performance.now();
    const leftMs = lastAtMs + burstMs - nowMs;
    clearTimeout(later);
    if (leftMs > 0) {
      // The load that runs may have been answered before the change for which the fan returns.
      later = setTimeout(run, leftMs);
      return;
    }
    lastAtMs = nowMs;
    void load();
  };
  for (const event of ["focus", "pageshow", "online"]) addEventListener(event, run, { signal });
  document.addEventListener("visibilitychange", run, { signal });
  // Fans who came together must not ask together.
  const timer = setInterval(run, everyMs * (0.8 + Math.random() * 0.4));
  signal.addEventListener("abort", () => {
    clearInterval(timer);
    clearTimeout(later);
  });
  run();
  return abort;
};
