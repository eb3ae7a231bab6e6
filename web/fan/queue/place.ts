import { batch } from "../../shared/signals.ts";
import { getConcert, readQueue } from "../../../sdk/generated/index.ts";
import { pause } from "../../../sdk/wait.ts";
import { watchPlace } from "../../../sdk/watch-place.ts";
import { api } from "../../shared/api.ts";
import { serverNowMs, syncClock } from "../../shared/clock.ts";
import {
  clearPlace,
  setInterruption,
  storedPlace,
  createPlaceState,
  applyStatus,
  type PlaceState,
} from "./place-store.ts";
import { push } from "./push.ts";

const queueMs = 5_000;

/** Watches the place of a token until the place ends, the server refuses the token, or `signal` aborts. */
const watch = async (state: PlaceState, token: string, signal: AbortSignal): Promise<void> => {
  const ended = new AbortController();
  const end = await watchPlace(api, {
    concertId: state.concertId,
    token,
    signal: AbortSignal.any([signal, ended.signal]),
    onStatus: (next) => {
      applyStatus(state, next);
      if (next.status === "ENDED") ended.abort();
    },
    onTrouble: (failure, ms) => setInterruption(state, failure, ms),
    push,
  });
  // The server refused the token for good. Joining again finds the place if it lives.
  if (end.kind === "refused") clearPlace(state);
};

/** Reads the public state of the queue. */
const loadQueue = async (state: PlaceState, signal: AbortSignal): Promise<void> => {
  const result = await api.call(readQueue, { concertId: state.concertId }, { signal });
  if (signal.aborted) return;
  const isAlone = state.status.peek() === null;
  if (!result.ok) return isAlone ? setInterruption(state, result, queueMs) : undefined;
  if (result.dateMs !== null) syncClock(result.dateMs, true);
  batch(() => {
    state.queue.value = result.value;
    if (isAlone) state.interruption.value = null;
  });
};

const loadConcert = async (state: PlaceState, signal: AbortSignal): Promise<void> => {
  const { concertId } = state;
  const onWait = setInterruption.bind(null, state);
  const retry = { triesMax: Infinity };
  const result = await api.call(getConcert, { concertId }, { signal, onWait, retry });
  if (signal.aborted) return;
  if (result.ok) state.concert.value = result.value;
  else state.isNotFound.value = true;
};

/** Time until the public state is read again, in ms: 5 s, or the moment when the sale opens. */
const nextReadMs = (state: PlaceState): number => {
  const opensInMs = Date.parse(state.queue.peek()?.opensAt ?? "") - serverNowMs();
  if (opensInMs > 0) return Math.max(300, Math.min(opensInMs + 50, 30_000));
  return queueMs * (0.8 + Math.random() * 0.4);
};

const pollQueue = async (state: PlaceState, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    if (!document.hidden || state.joinsAtOpening.peek() || state.queue.peek() === null) {
      await loadQueue(state, signal);
    }
    await pause(nextReadMs(state), signal);
  }
};

/** Opens a concert and the fan's place in its queue, and keeps both up to date until it is closed. */
export const openPlace = (concertId: string) => {
  const state = createPlaceState(concertId);
  const closing = new AbortController();
  const { signal } = closing;
  let watching = new AbortController();

  /** Starts to watch the place that is stored in this browser, if there is one. */
  const watchStored = (): void => {
    const place = storedPlace(state);
    if (place === null) return;
    watching.abort();
    watching = new AbortController();
    void watch(state, place.token, AbortSignal.any([signal, watching.signal]));
  };

  // Another tab may have joined.
  const onStorage = (event: StorageEvent): void => {
    const known = state.status.peek();
    const isIdle = known === null || known.status === "ENDED";
    const isLive =
      event.key === `frontrow.${state.storageKey}` && storedPlace(state)?.isOver === false;
    if (isIdle && isLive) watchStored();
  };
  addEventListener("storage", onStorage, { signal });
  // The browser reports a change of the network at once.
  addEventListener("offline", watchStored, { signal });
  addEventListener("online", watchStored, { signal });

  void loadConcert(state, signal);
  void pollQueue(state, signal);
  watchStored();

  return {
    ...state,
    watch: watchStored,
    refreshQueue: () => loadQueue(state, signal),
    close: () => closing.abort(),
  };
};

export type Place = ReturnType<typeof openPlace>;
