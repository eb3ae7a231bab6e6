import { signal } from "./signals.ts";

let offsetMs = 0;
let isSet = false;

/** The server's time in epoch ms, as far as it is known. */
export const serverNowMs = (): number => Date.now() + offsetMs;

/** The server's time in whole seconds. Countdowns read it. */
export const second = signal(Math.floor(Date.now() / 1_000));

const tick = (): void => {
  second.value = Math.floor(serverNowMs() / 1_000);
};
setInterval(tick, 200);

/** Whole seconds until a moment of the server's clock, rounded up, at least 0. */
export const secondsLeft = (untilMs: number): number =>
  Math.max(0, Math.ceil((untilMs - serverNowMs()) / 1_000));

/**
 * Sets the clock by the time of an answer. The answer took time to arrive, so the clock that it gives is late, and the
 * fastest answer gives the best clock: one that is later by less than 1 s is ignored. Otherwise a hold of
 * ten minutes would begin at 10:01. A coarse time is exact to the second, and counts only until a finer one comes.
 */
export const syncClock = (serverMs: number, isCoarse = false): void => {
  const nextMs = serverMs - Date.now();
  if (isSet && (isCoarse || (nextMs <= offsetMs && nextMs > offsetMs - 1_000))) return;
  offsetMs = isCoarse ? nextMs + 500 : nextMs;
  isSet ||= !isCoarse;
  tick();
};
