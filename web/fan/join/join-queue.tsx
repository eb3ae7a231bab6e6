import type { Failure } from "../../../sdk/client.ts";
import { joinQueue, leaveQueue } from "../../../sdk/generated/index.ts";
import { pause } from "../../../sdk/wait.ts";
import { api } from "../../shared/api.ts";
import { batch, effect, signal } from "../../shared/signals.ts";
import {
  clearPlace,
  setInterruption,
  storedPlace,
  setProgress,
  applyStatus,
} from "../queue/place-store.ts";
import type { Place } from "../queue/place.ts";
import { joinableStates } from "../queue/view.ts";
import { session, setSession } from "../session.ts";
import { joinTexts } from "./texts.ts";

const triesMax = 8;

export const isJoining = signal(false);
/** Why the server refused the last attempt to join. */
export const refusal = signal<Failure | null>(null);

/** Joins with retries, because joining twice gives one place. `isFirst`: the first request had an answer. */
const requestJoin = async (place: Place, token: string) => {
  const { concertId } = place;
  let isFirst = true;
  const onWait = (failure: Failure, ms: number): void => {
    isFirst = false;
    setInterruption(place, failure, ms);
  };
  for (let tries = 1; ; tries += 1) {
    const result = await api.call(joinQueue, { concertId }, { token, onWait });
    if (result.ok || result.code !== "NO_ANSWER" || tries === triesMax) return { result, isFirst };
    const ms = Math.min(8_000, 500 * 2 ** tries) * (0.5 + Math.random() / 2);
    onWait(result, ms);
    await pause(ms);
  }
};

const handleRefusal = (place: Place, failure: Failure): void => {
  batch(() => {
    refusal.value = failure;
    place.interruption.value = null;
    if (failure.code === "ACCESS_TOKEN_INVALID") setSession(null);
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
  const user = session.peek();
  if (user === null || isJoining.peek()) return;
  batch(() => {
    isJoining.value = true;
    refusal.value = null;
    setProgress(place, { joinsAtOpening: false });
  });
  const { result, isFirst } = await requestJoin(place, user.accessToken);
  isJoining.value = false;
  if (!result.ok) {
    handleRefusal(place, result);
    return place.refreshQueue();
  }
  // The status of an ended place does not apply to the new one.
  if (place.status.peek()?.status === "ENDED") clearPlace(place);
  batch(() => {
    applyStatus(place, result.value);
    // After a retry, status 200 may come from this page's own first request.
    const isEarlier = isFirst && result.status === 200;
    place.notice.value = isEarlier ? <ExistingPlaceNote place={place} /> : null;
  });
  place.watch();
};

/** Gives up the place; the server cancels a reservation held with it. */
export const leave = async (place: Place): Promise<void> => {
  const token = storedPlace(place)?.token;
  if (token === undefined) return;
  const { concertId } = place;
  const onWait = setInterruption.bind(null, place);
  const result = await api.call(leaveQueue, { concertId }, { token, onWait });
  if (result.ok) place.watch();
  else setInterruption(place, result, 0);
};

/** Sets whether the page joins when the sale opens. */
export const setAutoJoin = (place: Place, isOn: boolean): void =>
  setProgress(place, { joinsAtOpening: isOn });

const watched = new WeakSet<Place>();

/** Joins when the sale opens, if the fan asked for it. */
export const joinWhenOpen = (place: Place): void => {
  if (watched.has(place)) return;
  watched.add(place);
  effect(() => {
    const isOpen = joinableStates.includes(place.queue.value?.state ?? "");
    if (isOpen && place.joinsAtOpening.value && session.value !== null) void join(place);
  });
};
