import { signal } from "../shared/signals.ts";

const spoken = signal("");
const quietMs = 30_000;
let saidAtMs = -quietMs;

/** Tells screen readers politely. What is only `minor` is left out when something was said lately. */
export const say = (text: string, importance: "major" | "minor" = "major"): void => {
  const nowMs = performance.now();
  if (importance === "minor" && nowMs - saidAtMs < quietMs) return;
  saidAtMs = nowMs;
  spoken.value = text;
};

export const LiveRegion = () => (
  <p class="hidden" role="status" aria-live="polite">
    {spoken}
  </p>
);
