import type { JSX } from "preact";
import { batch, signal } from "../../shared/signals.ts";
import type { Failure } from "../../../sdk/client.ts";
import type { Concert, Queue, QueueStatus } from "../../../sdk/generated/index.ts";
import { serverNowMs, setClock } from "../../shared/clock.ts";
import { browserKeep, tabKeep } from "../../shared/keep.ts";
import { session } from "../session.ts";

/** What is kept of a place in this browser, so that a reload and a second tab find it. */
interface KeptPlace {
  readonly userId: string;
  readonly token: string;
  /** People ahead when the place was first seen: where the way through the queue began. */
  readonly aheadFirst: number | null;
  readonly isOver: boolean;
}

export interface Interruption {
  readonly failure: Failure;
  /** On the server's clock, when it is tried again. */
  readonly againAtMs: number;
}

/** Everything that is known about one concert and the fan's place in its queue. */
export const placeState = (concertId: string) => {
  const kept = tabKeep.read<{ armed?: boolean; entered?: boolean }>(`way.${concertId}`) ?? {};
  return {
    concertId,
    keptName: `place.${concertId}`,
    concert: signal<Concert | null>(null),
    queue: signal<Queue | null>(null),
    status: signal<QueueStatus | null>(null),
    updatedAtMs: signal(0),
    aheadFirst: signal<number | null>(null),
    interruption: signal<Interruption | null>(null),
    isMissing: signal(false),
    /** What is said above the place, until the page is left. */
    notice: signal<JSX.Element | null>(null),
    /** Joins by itself when the sale opens. */
    isArmed: signal(kept.armed === true),
    /** Whether the fan has gone in, once it was his turn. */
    hasEntered: signal(kept.entered === true),
  };
};

export type PlaceState = ReturnType<typeof placeState>;

/** Sets how far the fan has come by himself; a reload of the tab finds it. */
export const setWay = (state: PlaceState, way: { armed?: boolean; entered?: boolean }): void => {
  const { isArmed, hasEntered, concertId } = state;
  batch(() => {
    isArmed.value = way.armed ?? isArmed.peek();
    hasEntered.value = way.entered ?? hasEntered.peek();
  });
  tabKeep.write(`way.${concertId}`, { armed: isArmed.peek(), entered: hasEntered.peek() });
};

export const keptPlace = ({ keptName }: PlaceState): KeptPlace | null => {
  const place = browserKeep.read<KeptPlace>(keptName);
  return place !== null && place.userId === session.peek()?.userId ? place : null;
};

export const forgetPlace = (state: PlaceState): void => {
  browserKeep.drop(state.keptName);
  batch(() => {
    state.status.value = null;
    state.aheadFirst.value = null;
    state.interruption.value = null;
  });
};

/** Takes over what the queue said, unless something newer is known. */
export const takeStatus = (state: PlaceState, next: QueueStatus): void => {
  const known = state.status.peek();
  // Two answers may overtake each other; the queue was read in the order of its own clock.
  if (known !== null && known.serverTime > next.serverTime && next.status !== "ENDED") return;
  setClock(Date.parse(next.serverTime));
  const before = keptPlace(state)?.aheadFirst ?? null;
  const aheadFirst = next.ahead === null ? before : Math.max(before ?? 0, next.ahead);
  const { userId, token } = next;
  const isOver = next.status === "ENDED";
  browserKeep.write(state.keptName, { userId, token, aheadFirst, isOver } satisfies KeptPlace);
  batch(() => {
    state.aheadFirst.value = aheadFirst;
    state.status.value = next;
    state.updatedAtMs.value = serverNowMs();
    state.interruption.value = null;
  });
  const isOutside = next.status !== "ACTIVE";
  if (isOutside && state.hasEntered.peek()) setWay(state, { entered: false });
};

export const interrupt = (state: PlaceState, failure: Failure, ms: number): void => {
  state.interruption.value = { failure, againAtMs: serverNowMs() + ms };
};
