import { signal } from "../shared/signals.ts";

const announced = signal("");
const minorIntervalMs = 30_000;
let lastAtMs = -minorIntervalMs;

/** Announces a text to screen readers. A `minor` text is left out within 30 s of the one before. */
export const announce = (text: string, priority: "major" | "minor" = "major"): void => {
  const nowMs = performance.now();
  if (priority === "minor" && nowMs - lastAtMs < minorIntervalMs) return;
  lastAtMs = nowMs;
  announced.value = text;
};

export const LiveRegion = () => (
  <p class="visually-hidden" role="status" aria-live="polite">
    {announced.value}
  </p>
);
