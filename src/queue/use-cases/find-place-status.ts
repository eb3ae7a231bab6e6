import type { Clock, InstantMs } from "#kernel/instant.ts";
import { comparePlaces, type EndedReason, type PlaceMark } from "#kernel/place.ts";
import type { TokenPlace } from "#kernel/queue-gate.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { FinalState } from "../domain/queue-state.ts";
import { saysActive } from "../domain/token-claims.ts";
import type { Endings } from "../ports/durable.ts";
import type { QueueCounters, QueueStore, QueueSnapshot } from "../ports/queue-store.ts";

export interface FindPlaceStatusDeps {
  readonly store: Pick<QueueStore, "look" | "restore" | "end">;
  readonly endings: Pick<Endings, "find">;
  readonly clock: Clock;
}

/** Where the place of a genuine token stands. */
export interface Found {
  readonly atMs: InstantMs;
  /** Null while the queue's store is away. */
  readonly figures: QueueCounters | null;
  readonly placeStatus:
    | { readonly kind: "waiting"; readonly place: PlaceMark; readonly position: number }
    | { readonly kind: "active"; readonly place: PlaceMark; readonly expiresAtMs: InstantMs }
    | { readonly kind: "ended"; readonly reason: EndedReason };
}

type Seen = Pick<Found, "atMs" | "figures">;

/** The reason that the database knows, if the place has ended there. */
const endedReason = async (
  deps: FindPlaceStatusDeps,
  claims: TokenPlace,
): Promise<EndedReason | null> => {
  const ended = await deps.endings.find(claims.concertId, claims.userId);
  return ended !== null && comparePlaces(claims, ended) <= 0 ? ended.reason : null;
};

/** ACTIVE as the token says, unless the database knows better. */
const byToken = async (
  deps: FindPlaceStatusDeps,
  claims: TokenPlace,
  seen: Seen,
): Promise<Found> => {
  const reason = await endedReason(deps, claims);
  if (reason !== null) return { ...seen, placeStatus: { kind: "ended", reason } };
  const expiresAtMs = (claims.activeUntilSeconds ?? 0) * 1_000;
  return { ...seen, placeStatus: { kind: "active", place: claims, expiresAtMs } };
};

/** The store gets to know of a place that it may have lost: into its slot, or into the queue. */
const restore = (
  { store }: FindPlaceStatusDeps,
  claims: TokenPlace,
  isActive: boolean,
): Promise<void> => {
  const { concertId, userId, activeUntilSeconds = 0 } = claims;
  return store.restore(concertId, userId, claims, isActive ? activeUntilSeconds * 1_000 : null);
};

/** As by the token, and the store gets to know of the slot, which the database may never have heard of. */
const backToSlot = async (
  deps: FindPlaceStatusDeps,
  claims: TokenPlace,
  seen: Seen,
): Promise<Found> => {
  const found = await byToken(deps, claims, seen);
  if (found.placeStatus.kind !== "active") return found;
  await restore(deps, claims, true);
  return found;
};

/**
 * The place of somebody who was given a newer one, perhaps while the store did not know of this: then it
 * takes over.
 */
const takeOver = async (
  deps: FindPlaceStatusDeps,
  claims: TokenPlace,
  final: FinalState | null,
  seen: Seen,
): Promise<Found> => {
  const snapshot = await putBack(deps, claims, saysActive(claims, seen.atMs));
  if (snapshot.placeStatus.kind !== "ended") return settle(deps, claims, final, snapshot);
  return { ...seen, placeStatus: { kind: "ended", reason: snapshot.placeStatus.reason ?? "LEFT" } };
};

/** Puts back what the store may have lost, unless it has ended meanwhile, and looks at it again. */
const putBack = async (
  deps: FindPlaceStatusDeps,
  claims: TokenPlace,
  isActive: boolean,
): Promise<QueueSnapshot> => {
  const { concertId, userId } = claims;
  await restore(deps, claims, isActive);
  // Another request of his may have ended it since, and found nothing in the store to end.
  const reason = await endedReason(deps, claims);
  if (reason !== null) await deps.store.end(concertId, userId, claims, reason);
  return deps.store.look(concertId, userId, claims);
};

/** With the store away: who is ACTIVE by his token goes on, if the database does not know better. */
const withoutStore = async (
  deps: FindPlaceStatusDeps,
  claims: TokenPlace,
  trouble: Unavailable,
): Promise<Found> => {
  const atMs = deps.clock.nowMs();
  if (!saysActive(claims, atMs)) throw trouble;
  return byToken(deps, claims, { atMs, figures: null });
};

/** A place that the store does not know: over, as the database or the sale knows, or lost, then put back. */
const resolveUnknown = async (
  deps: FindPlaceStatusDeps,
  claims: TokenPlace,
  final: FinalState | null,
  seen: Seen,
): Promise<Found> => {
  const reason = await endedReason(deps, claims);
  if (reason !== null) return { ...seen, placeStatus: { kind: "ended", reason } };
  const hadSlot = claims.activeUntilSeconds !== undefined;
  const isActive = saysActive(claims, seen.atMs);
  if (hadSlot && !isActive) {
    // A hold may carry the slot further than his token says: the queue is just being told of those.
    if (seen.figures?.recovering === true) throw new Unavailable("slots are being put back");
    return { ...seen, placeStatus: { kind: "ended", reason: "LAPSED" } };
  }
  if (final !== null && !isActive)
    return { ...seen, placeStatus: { kind: "ended", reason: final } };
  const snapshot = await putBack(deps, claims, isActive);
  if (snapshot.placeStatus.kind === "unknown") throw new Unavailable("the place is being put back");
  return settle(deps, claims, final, snapshot);
};

/** What token and database know better than a store that may be old; null when they do not. */
const knownBetter = async (
  deps: FindPlaceStatusDeps,
  claims: TokenPlace,
  final: FinalState | null,
  { atMs, figures, placeStatus }: QueueSnapshot,
): Promise<Found | null> => {
  const seen = { atMs, figures };
  switch (placeStatus.kind) {
    case "active": {
      const reason = await endedReason(deps, claims);
      if (reason !== null) return { ...seen, placeStatus: { kind: "ended", reason } };
      // Of a slot that a hold has made, only the token may know the session.
      if (saysActive(claims, atMs)) await restore(deps, claims, true);
      return null;
    }
    case "waiting":
      // He may have been told since that he is ACTIVE.
      return saysActive(claims, atMs) ? backToSlot(deps, claims, seen) : null;
    case "ended":
      if (placeStatus.reason !== null || (await endedReason(deps, claims)) !== null) return null;
      return takeOver(deps, claims, final, seen);
    case "unknown":
      return null;
  }
};

/**
 * Where a place that the queue's store has been asked about stands: as the store says, else as the
 * database or the token says; one that is lost is put back. Throws Unavailable.
 */
export const settle = async (
  deps: FindPlaceStatusDeps,
  claims: TokenPlace,
  final: FinalState | null,
  snapshot: QueueSnapshot,
): Promise<Found> => {
  const { atMs, figures, placeStatus } = snapshot;
  const seen = { atMs, figures };
  const better = figures.recovering ? await knownBetter(deps, claims, final, snapshot) : null;
  if (better !== null) return better;
  switch (placeStatus.kind) {
    case "active":
      return { ...seen, placeStatus };
    case "waiting":
      return {
        ...seen,
        placeStatus: final === null ? placeStatus : { kind: "ended", reason: final },
      };
    case "ended": {
      // Who has a newer place has left the older one, whatever the store remembers of it.
      const reason = placeStatus.reason ?? (await endedReason(deps, claims)) ?? "LEFT";
      return { ...seen, placeStatus: { kind: "ended", reason } };
    }
    case "unknown":
      return resolveUnknown(deps, claims, final, seen);
  }
};

/**
 * Where the place of a genuine queue token stands, from the queue's store, else the database, else the
 * token itself. `final` is the sale's state when nobody can be admitted any more.
 *
 * - `ended`    the store or the database knows; or it waits and the sale is over; or the store has
 *              lost it and the token's own time is over
 * - `active`   also while the store is away, when the token says so and the database does not object
 * - `waiting`  a place that the store has lost is put back at its own order first
 *
 * Throws Unavailable for places that are not ACTIVE while the store is away. One store step.
 */
export const findPlaceStatus =
  (deps: FindPlaceStatusDeps) =>
  async (claims: TokenPlace, final: FinalState | null): Promise<Found> => {
    let snapshot: QueueSnapshot;
    try {
      snapshot = await deps.store.look(claims.concertId, claims.userId, claims);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      return withoutStore(deps, claims, error);
    }
    return settle(deps, claims, final, snapshot);
  };
