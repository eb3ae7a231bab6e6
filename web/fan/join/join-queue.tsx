import type { Failure } from "../../../sdk/client.ts";
import { joinQueue, leaveQueue } from "../../../sdk/generated/index.ts";
import { pause } from "../../../sdk/wait.ts";
import type { Account } from "../account.ts";
import { api } from "../../shared/api.ts";
import { batch, effect, untracked } from "../../shared/signals.ts";
import {
  applyStatus,
  setInterruption,
  setJoinsAtOpening,
  storedPlace,
} from "../queue/place-store.ts";
import { callAs } from "../session/call.ts";
import { startNewView } from "../route.ts";
import { partOf } from "../part-of.ts";
import type { Place } from "../queue/place-store.ts";
import { isJoinable } from "../queue/view.ts";
import { sendChecked } from "./check.ts";
import { joinTexts } from "./texts.ts";

const triesMax = 8;

/** Joins with retries, because joining twice gives one place. `isFirst`: the first request had an answer. */
const requestJoin = async (place: Place, account: Account) => {
  const { concertId, signal } = place;
  let isFirst = true;
  const onWait = (failure: Failure, ms: number): void => {
    isFirst = false;
    setInterruption(place, failure, ms);
  };
  for (let tries = 1; ; tries += 1) {
    const result = await sendChecked(place, (challengeResponse) =>
      callAs(account, joinQueue, { concertId }, { signal, onWait, challengeResponse }),
    );
    if (result.ok || result.code !== "NO_ANSWER" || tries === triesMax) return { result, isFirst };
    const ms = Math.min(8_000, 500 * 2 ** tries) * (0.5 + Math.random() / 2);
    onWait(result, ms);
    await pause(ms, signal);
    if (signal.aborted) return { result, isFirst };
  }
};

const handleRefusal = (place: Place, failure: Failure): void => {
  batch(() => {
    place.refusal.value = failure;
    place.interruption.value = null;
  });
};

/** Tells a user who had joined before, perhaps on another device, that the place is the same. */
const ExistingPlaceNote = ({ place }: { place: Place }) =>
  place.status.value?.status === "ENDED" ? null : (
    <p class="note" role="status">
      {joinTexts().earlier}
    </p>
  );

/** Joins the queue. A user who has a place there gets that place. */
export const join = async (place: Place): Promise<void> => {
  const { account, isJoining, refusal } = place;
  if (account === null || isJoining.peek()) return;
  batch(() => {
    isJoining.value = true;
    refusal.value = null;
    setJoinsAtOpening(place, false);
  });
  const { result, isFirst } = await requestJoin(place, account);
  isJoining.value = false;
  if (place.signal.aborted) return;
  if (!result.ok) {
    handleRefusal(place, result);
    return place.refreshQueue();
  }
  startNewView();
  batch(() => {
    applyStatus(place, result.value);
    // After a retry, status 200 may come from this page's own first request.
    const isEarlier = isFirst && result.status === 200;
    place.notice.value = isEarlier ? <ExistingPlaceNote place={place} /> : null;
  });
  place.watch();
};

/**
 * Gives up the place; the server cancels a reservation held with it. Without an answer it is asked again: leaving twice
 * changes nothing.
 */
export const leave = async (place: Place): Promise<void> => {
  const token = storedPlace(place)?.token;
  if (token === undefined) return;
  const { concertId } = place;
  const onWait = setInterruption.bind(null, place);
  const { signal } = place;
  const retry = { triesMax: Infinity };
  const result = await api.call(leaveQueue, { concertId }, { token, onWait, signal, retry });
  if (signal.aborted) return;
  if (result.ok) place.watch();
  else setInterruption(place, result, 0);
};

const watchOpening = (place: Place): void => {
  const stop = effect(() => {
    const isOpen = isJoinable(place.queue.value);
    if (isOpen && place.joinsAtOpening.value) untracked(() => void join(place));
  });
  place.signal.addEventListener("abort", stop);
};

/** Joins when the sale opens, if the fan asked for it. */
export const joinWhenOpen = (place: Place): void => partOf(place, watchOpening);
