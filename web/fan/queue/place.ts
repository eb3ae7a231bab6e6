import { batch } from "../../shared/signals.ts";
import { getConcert, readQueue } from "../../../sdk/generated/index.ts";
import { pause } from "../../../sdk/wait.ts";
import { watchPlace } from "../../../sdk/watch-place.ts";
import { api } from "../../shared/api.ts";
import { serverNowMs, setClock } from "../../shared/clock.ts";
import {
  forgetPlace,
  interrupt,
  keptPlace,
  placeState,
  takeStatus,
  type PlaceState,
} from "./place-state.ts";
import { push } from "./push.ts";

const queueMs = 5_000;

/** Watches the place of a token until the place ends, the token is refused or `signal` is aborted. */
const watch = async (state: PlaceState, token: string, signal: AbortSignal): Promise<void> => {
  const ended = new AbortController();
  const end = await watchPlace(api, {
    concertId: state.concertId,
    token,
    signal: AbortSignal.any([signal, ended.signal]),
    onStatus: (next) => {
      takeStatus(state, next);
      if (next.status === "ENDED") ended.abort();
    },
    onTrouble: (failure, ms) => interrupt(state, failure, ms),
    push,
  });
  // A token that is no good any more: what it was for can only be found by joining again.
  if (end.kind === "refused") forgetPlace(state);
};

/** Reads the queue as everybody sees it. */
const loadQueue = async (state: PlaceState, signal: AbortSignal): Promise<void> => {
  const result = await api.call(readQueue, { concertId: state.concertId }, { signal });
  if (signal.aborted) return;
  const isAlone = state.status.peek() === null;
  if (!result.ok) return isAlone ? interrupt(state, result, queueMs) : undefined;
  if (result.dateMs !== null) setClock(result.dateMs, true);
  batch(() => {
    state.queue.value = result.value;
    if (isAlone) state.interruption.value = null;
  });
};

const loadConcert = async (state: PlaceState, signal: AbortSignal): Promise<void> => {
  const { concertId } = state;
  const onWait = interrupt.bind(null, state);
  const patience = { triesMax: Infinity };
  const result = await api.call(getConcert, { concertId }, { signal, onWait, patience });
  if (signal.aborted) return;
  if (result.ok) state.concert.value = result.value;
  else state.isMissing.value = true;
};

/** How long until the queue as everybody sees it is read again: at the very moment when it opens. */
const nextLookMs = (state: PlaceState): number => {
  const opensInMs = Date.parse(state.queue.peek()?.opensAt ?? "") - serverNowMs();
  if (opensInMs > 0) return Math.max(300, Math.min(opensInMs + 50, 30_000));
  return queueMs * (0.8 + Math.random() * 0.4);
};

const follow = async (state: PlaceState, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    if (!document.hidden || state.isArmed.peek() || state.queue.peek() === null) {
      await loadQueue(state, signal);
    }
    await pause(nextLookMs(state), signal);
  }
};

/** One concert and the fan's place in its queue, kept up to date until it is closed. */
export const openPlace = (concertId: string) => {
  const state = placeState(concertId);
  const closing = new AbortController();
  const { signal } = closing;
  let watching = new AbortController();

  /** Watches the place that is kept in this browser, if there is one, from now on. */
  const look = (): void => {
    const place = keptPlace(state);
    if (place === null) return;
    watching.abort();
    watching = new AbortController();
    void watch(state, place.token, AbortSignal.any([signal, watching.signal]));
  };

  // Another tab may have joined.
  const onStorage = (event: StorageEvent): void => {
    const known = state.status.peek();
    const isIdle = known === null || known.status === "ENDED";
    const isNews = event.key === `frontrow.${state.keptName}` && keptPlace(state)?.isOver === false;
    if (isIdle && isNews) look();
  };
  addEventListener("storage", onStorage, { signal });
  // What the browser knows of the network needs no waiting for.
  addEventListener("offline", look, { signal });
  addEventListener("online", look, { signal });

  void loadConcert(state, signal);
  void follow(state, signal);
  look();

  return {
    ...state,
    look,
    lookAtQueue: () => loadQueue(state, signal),
    close: () => closing.abort(),
  };
};

export type Place = ReturnType<typeof openPlace>;
