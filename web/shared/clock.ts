import { signal } from "./signals.ts";

let offsetMs = 0;
let isSet = false;

/** The server's time in epoch ms, as well as it is known. */
export const serverNowMs = (): number => Date.now() + offsetMs;

/** The server's second, changing once a second: what countdowns are drawn from. */
export const second = signal(Math.floor(Date.now() / 1_000));

const tick = (): void => {
  second.value = Math.floor(serverNowMs() / 1_000);
};
setInterval(tick, 200);

/**
 * Sets the clock by an answer's time. `isCoarse` times are known to the second and count only until a
 * finer one comes. A difference below a second is the network's: a countdown does not jump for it.
 */
export const setClock = (serverMs: number, isCoarse = false): void => {
  const nextMs = serverMs - Date.now();
  if (isSet && (isCoarse || Math.abs(nextMs - offsetMs) < 1_000)) return;
  offsetMs = isCoarse ? nextMs + 500 : nextMs;
  isSet ||= !isCoarse;
  tick();
};
