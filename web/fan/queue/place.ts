import { linkAbort, type AbortLink } from "../../../sdk/abort.ts";
import { watchPlace } from "../../../sdk/watch-place.ts";
import { pause } from "../../../sdk/wait.ts";
import { api } from "../../shared/api.ts";
import { serverNowMs } from "../../shared/clock.ts";
import type { Account } from "../account.ts";
import type { ConcertStore } from "./concert-store.ts";
import {
  applyStatus,
  clearPlace,
  createPlaceState,
  setInterruption,
  setJoinsAtOpening,
  storedPlace,
  type Place,
} from "./place-store.ts";
import { push } from "./push.ts";

/** Watches the place of a token until the place ends, the server refuses the token, or `link` aborts. */
const watch = async (place: Place, token: string, link: AbortLink): Promise<void> => {
  const end = await watchPlace(api, {
    concertId: place.concertId,
    token,
    signal: link.signal,
    onStatus: (next) => {
      applyStatus(place, next);
      if (next.status === "ENDED") link.abort();
    },
    onTrouble: (failure, ms) => setInterruption(place, failure, ms),
    push,
  });
  if (end.kind !== "refused") return;
  // The server refused the token for good: a recovery or a sign-out on every device revoked it. Joining again
  // finds the place if it lives. The pause is longer than an instance needs to learn of the revocation.
  if (end.failure.status === 401) {
    await pause(1_500 + Math.random() * 1_500, link.signal);
    if (link.signal.aborted) return;
    setJoinsAtOpening(place, true);
  }
  clearPlace(place);
};

/** A status older than this, in ms, is read again when the fan returns to the page. */
const staleMs = 15_000;

/**
 * Opens the place of a user in the queue of a concert, and keeps it up to date until the concert is closed or
 * another user signs in.
 */
export const openPlace = (concert: ConcertStore, account: Account | null): Place => {
  const place = createPlaceState(concert, account);
  const { signal } = place;
  let watching = linkAbort();
  place.watch = () => {
    const stored = storedPlace(place);
    if (stored === null) return;
    watching.abort();
    watching = linkAbort([signal]);
    void watch(place, stored.token, watching);
  };

  // Another tab may have joined.
  const onStorage = ({ key }: StorageEvent): void => {
    const isEnded = (place.status.peek()?.status ?? "ENDED") === "ENDED";
    const isOwn = key === `frontrow.${place.key("place")}`;
    if (isEnded && isOwn && storedPlace(place)?.isOver === false) place.watch();
  };
  addEventListener("storage", onStorage, { signal });
  // The browser reports a change of the network at once.
  addEventListener("offline", place.watch, { signal });
  addEventListener("online", place.watch, { signal });

  // A browser slows down a page that is not shown.
  const onReturn = (): void => {
    if (!document.hidden && serverNowMs() - place.updatedAtMs.peek() > staleMs) place.watch();
  };
  document.addEventListener("visibilitychange", onReturn, { signal });

  place.pollsHidden.value = place.joinsAtOpening.peek();
  place.watch();
  return place;
};
