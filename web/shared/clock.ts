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

/**
 * Sets the clock by the time of an answer. A coarse time is exact to the second, and counts only until a finer one
 * comes. A difference below 1 s comes from the network, and a countdown must not jump for it.
 */
export const syncClock = (serverMs: number, isCoarse = false): void => {
  const nextMs = serverMs - Date.now();
  if (isSet && (isCoarse || Math.abs(nextMs - offsetMs) < 1_000)) return;
  offsetMs = isCoarse ? nextMs + 500 : nextMs;
  isSet ||= !isCoarse;
  tick();
};
