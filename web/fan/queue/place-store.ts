import type { JSX } from "preact";
import { batch, signal } from "../../shared/signals.ts";
import type { Failure } from "../../../sdk/client.ts";
import type { Concert, Queue, QueueStatus } from "../../../sdk/generated/index.ts";
import { serverNowMs, syncClock } from "../../shared/clock.ts";
import { browserStorage, tabStorage } from "../../shared/storage.ts";
import { session } from "../session.ts";

/** A place as this browser stores it, for a reload and for other tabs. */
interface StoredPlace {
  readonly userId: string;
  readonly token: string;
  /** People ahead when the place was first read: the start of the progress bar. */
  readonly initialAhead: number | null;
  readonly isOver: boolean;
}

export interface Interruption {
  readonly failure: Failure;
  /** When the page asks again, by the server's clock, in epoch ms. */
  readonly againAtMs: number;
}

/** State of one concert and of the fan's place in its queue. */
export const createPlaceState = (concertId: string) => {
  const stored =
    tabStorage.read<{ joinsAtOpening?: boolean; entered?: boolean }>(`progress.${concertId}`) ?? {};
  return {
    concertId,
    storageKey: `place.${concertId}`,
    concert: signal<Concert | null>(null),
    queue: signal<Queue | null>(null),
    status: signal<QueueStatus | null>(null),
    updatedAtMs: signal(0),
    initialAhead: signal<number | null>(null),
    interruption: signal<Interruption | null>(null),
    isNotFound: signal(false),
    /** A note above the place, until the page is left. */
    notice: signal<JSX.Element | null>(null),
    /** The page joins when the sale opens. */
    joinsAtOpening: signal(stored.joinsAtOpening === true),
    /** The fan has entered after being admitted. */
    hasEntered: signal(stored.entered === true),
  };
};

export type PlaceState = ReturnType<typeof createPlaceState>;

/** Stores the fan's choices in this tab, so that a reload finds them. */
export const setProgress = (
  state: PlaceState,
  progress: { joinsAtOpening?: boolean; entered?: boolean },
): void => {
  const { joinsAtOpening, hasEntered, concertId } = state;
  batch(() => {
    joinsAtOpening.value = progress.joinsAtOpening ?? joinsAtOpening.peek();
    hasEntered.value = progress.entered ?? hasEntered.peek();
  });
  tabStorage.write(`progress.${concertId}`, {
    joinsAtOpening: joinsAtOpening.peek(),
    entered: hasEntered.peek(),
  });
};

export const storedPlace = ({ storageKey }: PlaceState): StoredPlace | null => {
  const place = browserStorage.read<StoredPlace>(storageKey);
  return place !== null && place.userId === session.peek()?.userId ? place : null;
};

export const clearPlace = (state: PlaceState): void => {
  browserStorage.remove(state.storageKey);
  batch(() => {
    state.status.value = null;
    state.initialAhead.value = null;
    state.interruption.value = null;
  });
};

/** Applies a status from the server, unless a newer one is known. */
export const applyStatus = (state: PlaceState, next: QueueStatus): void => {
  const known = state.status.peek();
  // Answers can overtake each other; serverTime orders them by when the queue was read.
  if (known !== null && known.serverTime > next.serverTime && next.status !== "ENDED") return;
  syncClock(Date.parse(next.serverTime));
  const before = storedPlace(state)?.initialAhead ?? null;
  const initialAhead = next.ahead === null ? before : Math.max(before ?? 0, next.ahead);
  const { userId, token } = next;
  const isOver = next.status === "ENDED";
  browserStorage.write(state.storageKey, {
    userId,
    token,
    initialAhead,
    isOver,
  } satisfies StoredPlace);
  batch(() => {
    state.initialAhead.value = initialAhead;
    state.status.value = next;
    state.updatedAtMs.value = serverNowMs();
    state.interruption.value = null;
  });
  const isOutside = next.status !== "ACTIVE";
  if (isOutside && state.hasEntered.peek()) setProgress(state, { entered: false });
};

export const setInterruption = (state: PlaceState, failure: Failure, ms: number): void => {
  state.interruption.value = { failure, againAtMs: serverNowMs() + ms };
};
