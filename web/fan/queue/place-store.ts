import type { JSX } from "preact";
import { linkAbort, type AbortLink } from "../../../sdk/abort.ts";
import type { Failure } from "../../../sdk/client.ts";
import type { QueueStatus } from "../../../sdk/generated/index.ts";
import { serverNowMs, syncClock } from "../../shared/clock.ts";
import { batch, signal } from "../../shared/signals.ts";
import { browserStorage, tabStorage } from "../../shared/storage.ts";
import type { Account } from "../account.ts";
import { interruptionOf, type ConcertStore, type Interruption } from "./concert-store.ts";

/** A place as this browser stores it, for a reload and for other tabs. */
interface StoredPlace {
  readonly token: string;
  /** People ahead when the place was first read: the start of the progress bar. */
  readonly initialAhead: number | null;
  readonly isOver: boolean;
}

/** One place of the user in the queue, from joining to its end, with all state that the pages keep of it. */
export interface Turn extends AbortLink {
  readonly account: Account;
  readonly place: Place;
  readonly placeId: string;
  /** The newest queue token of the place. */
  token(): string;
  /** The name of one of the turn's values in a storage. */
  key(name: string): string;
}

/** Opens the state of one user in one concert. It ends with the concert's page and with the account. */
export const createPlaceState = (concert: ConcertStore, account: Account | null) => {
  const key = (name: string): string => account?.key(`${name}.${concert.concertId}`) ?? "";
  return {
    ...concert,
    ...linkAbort([concert.signal, account?.signal]),
    account,
    key,
    status: signal<QueueStatus | null>(null),
    turn: signal<Turn | null>(null),
    updatedAtMs: signal(0),
    initialAhead: signal<number | null>(null),
    interruption: signal<Interruption | null>(null),
    /** A note above the place, until the page is left. */
    notice: signal<JSX.Element | null>(null),
    /** The page joins when the sale opens. */
    joinsAtOpening: signal(tabStorage.read(key("joins")) === true),
    /** The place with which the fan has entered, after being admitted. */
    enteredPlaceId: signal(tabStorage.read<string>(key("entered"))),
    isJoining: signal(false),
    /** Why the server refused the last attempt to join. */
    refusal: signal<Failure | null>(null),
    isLeaving: signal(false),
    /** Starts to watch the place that is stored in this browser, if there is one. */
    watch: (): void => undefined,
  };
};

/** The state of one user in one concert, and the user's place in its queue. */
export type Place = ReturnType<typeof createPlaceState>;

export const setJoinsAtOpening = (place: Place, isOn: boolean): void => {
  tabStorage.write(place.key("joins"), isOn);
  place.pollsHidden.value = isOn;
  place.joinsAtOpening.value = isOn;
};

/** Enters with the present place; a reload of the tab finds it. */
export const enter = (place: Place): void => {
  const placeId = place.turn.peek()?.placeId ?? null;
  tabStorage.write(place.key("entered"), placeId);
  place.enteredPlaceId.value = placeId;
};

export const hasEntered = ({ turn, enteredPlaceId }: Place): boolean =>
  turn.value !== null && turn.value.placeId === enteredPlaceId.value;

export const storedPlace = ({ account, key }: Place): StoredPlace | null =>
  account && browserStorage.read<StoredPlace>(key("place"));

export const clearPlace = (place: Place): void => {
  browserStorage.remove(place.key("place"));
  batch(() => {
    place.status.value = null;
    place.interruption.value = null;
  });
};

/** The id of the place that a queue token names (`jti`). It is the same in all tokens of a place. */
const placeIdOf = (token: string): string => {
  const [, payload = ""] = token.split(".");
  const members = JSON.parse(atob(payload.replace(/-/g, "+").replace(/_/g, "/"))) as {
    jti: string;
  };
  return members.jti;
};

/** Ends the turn of another place with its stored values, and opens one for this place. */
const openTurn = (place: Place, placeId: string): void => {
  const { account } = place;
  const before = place.turn.peek();
  if (account === null || before?.placeId === placeId) return;
  before?.abort();
  const prefix = place.key("turn");
  const own = `${prefix}.${placeId}.`;
  tabStorage.clear((name) => name.startsWith(prefix) && !name.startsWith(own));
  place.turn.value = {
    ...linkAbort([place.signal]),
    account,
    place,
    placeId,
    token: () => place.status.peek()?.token ?? "",
    key: (name) => own + name,
  };
};

/** Applies a status from the server, unless a newer one of the same place is known. */
export const applyStatus = (place: Place, next: QueueStatus): void => {
  if (place.signal.aborted) return;
  const placeId = placeIdOf(next.token);
  const isSame = place.turn.peek()?.placeId === placeId;
  const known = isSame ? place.status.peek() : null;
  // Answers can overtake each other; serverTime orders them by when the queue was read.
  if (known !== null && known.serverTime > next.serverTime && next.status !== "ENDED") return;
  syncClock(Date.parse(next.serverTime));
  const last = storedPlace(place);
  const before = last && placeIdOf(last.token) === placeId ? last.initialAhead : null;
  const initialAhead = next.ahead === null ? before : Math.max(before ?? 0, next.ahead);
  const isOver = next.status === "ENDED";
  const stored: StoredPlace = { token: next.token, initialAhead, isOver };
  browserStorage.write(place.key("place"), stored);
  batch(() => {
    openTurn(place, placeId);
    place.initialAhead.value = initialAhead;
    place.status.value = next;
    place.updatedAtMs.value = serverNowMs();
    place.interruption.value = null;
  });
};

export const setInterruption = (place: Place, failure: Failure, ms: number): void => {
  place.interruption.value = interruptionOf(failure, ms);
};
