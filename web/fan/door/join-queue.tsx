import type { Failure } from "../../../sdk/client.ts";
import { joinQueue, leaveQueue } from "../../../sdk/generated/index.ts";
import { pause } from "../../../sdk/wait.ts";
import { api } from "../../shared/api.ts";
import { batch, effect, signal } from "../../shared/signals.ts";
import { forgetPlace, interrupt, keptPlace, setWay, takeStatus } from "../queue/place-state.ts";
import type { Place } from "../queue/place.ts";
import { joinableStates } from "../queue/view.ts";
import { session, setSession } from "../session.ts";
import { doorWords } from "./words.ts";

const triesMax = 8;

export const isJoining = signal(false);
/** Why the last wish to join was refused. */
export const refusal = signal<Failure | null>(null);

/** Joining twice is joining once, so a lost answer is asked for again. `isFirst`: it was asked for once. */
const ask = async (place: Place, token: string) => {
  const { concertId } = place;
  let isFirst = true;
  const onWait = (failure: Failure, ms: number): void => {
    isFirst = false;
    interrupt(place, failure, ms);
  };
  for (let tries = 1; ; tries += 1) {
    const result = await api.call(joinQueue, { concertId }, { token, onWait });
    if (result.ok || result.code !== "NO_ANSWER" || tries === triesMax) return { result, isFirst };
    const ms = Math.min(8_000, 500 * 2 ** tries) * (0.5 + Math.random() / 2);
    onWait(result, ms);
    await pause(ms);
  }
};

const takeRefusal = (place: Place, failure: Failure): void => {
  batch(() => {
    refusal.value = failure;
    place.interruption.value = null;
    if (failure.code === "ACCESS_TOKEN_INVALID") setSession(null);
  });
};

/** Who has joined before, perhaps on another device, is told that nothing was added or lost. */
const Earlier = ({ place }: { place: Place }) =>
  place.status.value?.status === "ENDED" ? null : (
    <p class="note" role="status">
      {doorWords().earlier}
    </p>
  );

/** Joins the queue, or finds the place that the user has in it. */
export const join = async (place: Place): Promise<void> => {
  const user = session.peek();
  if (user === null || isJoining.peek()) return;
  batch(() => {
    isJoining.value = true;
    refusal.value = null;
    setWay(place, { armed: false });
  });
  const { result, isFirst } = await ask(place, user.accessToken);
  isJoining.value = false;
  if (!result.ok) {
    takeRefusal(place, result);
    return place.lookAtQueue();
  }
  // A place of before, that has ended, says nothing about this one.
  if (place.status.peek()?.status === "ENDED") forgetPlace(place);
  batch(() => {
    takeStatus(place, result.value);
    // What an answer that was lost has done is no earlier place.
    const isEarlier = isFirst && result.status === 200;
    place.notice.value = isEarlier ? <Earlier place={place} /> : null;
  });
  place.look();
};

/** Gives the place up, with what is held under it. */
export const leave = async (place: Place): Promise<void> => {
  const token = keptPlace(place)?.token;
  if (token === undefined) return;
  const { concertId } = place;
  const onWait = interrupt.bind(null, place);
  const result = await api.call(leaveQueue, { concertId }, { token, onWait });
  if (result.ok) place.look();
  else interrupt(place, result, 0);
};

/** To join by itself in the moment when the sale opens, or not any more. */
export const arm = (place: Place, armed: boolean): void => setWay(place, { armed });

const watched = new WeakSet<Place>();

/** Joins for who has wished so, once that is possible. */
export const joinWhenOpen = (place: Place): void => {
  if (watched.has(place)) return;
  watched.add(place);
  effect(() => {
    const isOpen = joinableStates.includes(place.queue.value?.state ?? "");
    if (isOpen && place.isArmed.value && session.value !== null) void join(place);
  });
};
