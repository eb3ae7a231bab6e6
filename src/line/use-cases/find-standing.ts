import type { Clock, InstantMs } from "#kernel/instant.ts";
import {
  comparePlaces,
  type EndedReason,
  type PlaceMark,
  type QueueClaims,
} from "#kernel/place.ts";
import { Unavailable } from "#kernel/trouble.ts";
import type { FinalState } from "../domain/queue-state.ts";
import { saysActive } from "../domain/token-claims.ts";
import type { Endings } from "../ports/durable.ts";
import type { LineFigures, LineStore, Sight } from "../ports/line-store.ts";

export interface FindStandingDeps {
  readonly store: Pick<LineStore, "look" | "restore" | "end">;
  readonly endings: Pick<Endings, "find">;
  readonly clock: Clock;
}

/** Where the place of a genuine token stands. */
export interface Found {
  readonly atMs: InstantMs;
  /** Null while the line's store is away. */
  readonly figures: LineFigures | null;
  readonly standing:
    | { readonly kind: "waiting"; readonly place: PlaceMark; readonly position: number }
    | { readonly kind: "active"; readonly place: PlaceMark; readonly expiresAtMs: InstantMs }
    | { readonly kind: "ended"; readonly reason: EndedReason };
}

type Seen = Pick<Found, "atMs" | "figures">;

/** The reason that the database knows, if the place has ended there. */
const endedReason = async (
  deps: FindStandingDeps,
  claims: QueueClaims,
): Promise<EndedReason | null> => {
  const ended = await deps.endings.find(claims.concertId, claims.userId);
  return ended !== null && comparePlaces(claims, ended) <= 0 ? ended.reason : null;
};

/** ACTIVE as the token says, unless the database knows better. */
const byToken = async (deps: FindStandingDeps, claims: QueueClaims, seen: Seen): Promise<Found> => {
  const reason = await endedReason(deps, claims);
  if (reason !== null) return { ...seen, standing: { kind: "ended", reason } };
  const expiresAtMs = (claims.activeUntilSeconds ?? 0) * 1_000;
  return { ...seen, standing: { kind: "active", place: claims, expiresAtMs } };
};

/** The store gets to know of a place that it may have lost: into its slot, or into line. */
const restore = (
  { store }: FindStandingDeps,
  claims: QueueClaims,
  isActive: boolean,
): Promise<void> => {
  const { concertId, userId, activeUntilSeconds = 0 } = claims;
  return store.restore(concertId, userId, claims, isActive ? activeUntilSeconds * 1_000 : null);
};

/** As by the token, and the store gets to know of the slot, which the database may never have heard of. */
const backToSlot = async (
  deps: FindStandingDeps,
  claims: QueueClaims,
  seen: Seen,
): Promise<Found> => {
  const found = await byToken(deps, claims, seen);
  if (found.standing.kind !== "active") return found;
  await restore(deps, claims, true);
  return found;
};

/**
 * The place of somebody who was given a newer one, perhaps while the store did not know of this: then it
 * takes over.
 */
const takeOver = async (
  deps: FindStandingDeps,
  claims: QueueClaims,
  final: FinalState | null,
  seen: Seen,
): Promise<Found> => {
  const sight = await putBack(deps, claims, saysActive(claims, seen.atMs));
  if (sight.standing.kind !== "ended") return settle(deps, claims, final, sight);
  return { ...seen, standing: { kind: "ended", reason: sight.standing.reason ?? "LEFT" } };
};

/** Puts back what the store may have lost, unless it has ended meanwhile, and looks at it again. */
const putBack = async (
  deps: FindStandingDeps,
  claims: QueueClaims,
  isActive: boolean,
): Promise<Sight> => {
  const { concertId, userId } = claims;
  await restore(deps, claims, isActive);
  // Another request of his may have ended it since, and found nothing in the store to end.
  const reason = await endedReason(deps, claims);
  if (reason !== null) await deps.store.end(concertId, userId, claims, reason);
  return deps.store.look(concertId, userId, claims);
};

/** With the store away: who is ACTIVE by his token goes on, if the database does not know better. */
const withoutStore = async (
  deps: FindStandingDeps,
  claims: QueueClaims,
  trouble: Unavailable,
): Promise<Found> => {
  const atMs = deps.clock.nowMs();
  if (!saysActive(claims, atMs)) throw trouble;
  return byToken(deps, claims, { atMs, figures: null });
};

/** A place that the store does not know: over, as the database or the sale knows, or lost, then put back. */
const resolveUnknown = async (
  deps: FindStandingDeps,
  claims: QueueClaims,
  final: FinalState | null,
  seen: Seen,
): Promise<Found> => {
  const reason = await endedReason(deps, claims);
  if (reason !== null) return { ...seen, standing: { kind: "ended", reason } };
  const hadSlot = claims.activeUntilSeconds !== undefined;
  const isActive = saysActive(claims, seen.atMs);
  if (hadSlot && !isActive) {
    // A hold may carry the slot further than his token says: the line is just being told of those.
    if (seen.figures?.recovering === true) throw new Unavailable("slots are being put back");
    return { ...seen, standing: { kind: "ended", reason: "LAPSED" } };
  }
  if (final !== null && !isActive) return { ...seen, standing: { kind: "ended", reason: final } };
  const sight = await putBack(deps, claims, isActive);
  if (sight.standing.kind === "unknown") throw new Unavailable("the place is being put back");
  return settle(deps, claims, final, sight);
};

/** What token and database know better than a store that may be old; null when they do not. */
const knownBetter = async (
  deps: FindStandingDeps,
  claims: QueueClaims,
  final: FinalState | null,
  { atMs, figures, standing }: Sight,
): Promise<Found | null> => {
  const seen = { atMs, figures };
  switch (standing.kind) {
    case "active": {
      const reason = await endedReason(deps, claims);
      if (reason !== null) return { ...seen, standing: { kind: "ended", reason } };
      // Of a slot that a hold has made, only the token may know the session.
      if (saysActive(claims, atMs)) await restore(deps, claims, true);
      return null;
    }
    case "waiting":
      // He may have been told since that he is ACTIVE.
      return saysActive(claims, atMs) ? backToSlot(deps, claims, seen) : null;
    case "ended":
      if (standing.reason !== null || (await endedReason(deps, claims)) !== null) return null;
      return takeOver(deps, claims, final, seen);
    case "unknown":
      return null;
  }
};

/**
 * Where a place that the line's store has been asked about stands: as the store says, else as the
 * database or the token says; one that is lost is put back. Throws Unavailable.
 */
export const settle = async (
  deps: FindStandingDeps,
  claims: QueueClaims,
  final: FinalState | null,
  sight: Sight,
): Promise<Found> => {
  const { atMs, figures, standing } = sight;
  const seen = { atMs, figures };
  const better = figures.recovering ? await knownBetter(deps, claims, final, sight) : null;
  if (better !== null) return better;
  switch (standing.kind) {
    case "active":
      return { ...seen, standing };
    case "waiting":
      return { ...seen, standing: final === null ? standing : { kind: "ended", reason: final } };
    case "ended": {
      // Who has a newer place has left the older one, whatever the store remembers of it.
      const reason = standing.reason ?? (await endedReason(deps, claims)) ?? "LEFT";
      return { ...seen, standing: { kind: "ended", reason } };
    }
    case "unknown":
      return resolveUnknown(deps, claims, final, seen);
  }
};

/**
 * Where the place of a genuine queue token stands, from the line's store, else the database, else the
 * token itself. `final` is the sale's state when nobody can be admitted any more.
 *
 * - `ended`    the store or the database knows; or it waits and the sale is over; or the store has
 *              lost it and the token's own time is over
 * - `active`   also while the store is away, when the token says so and the database does not object
 * - `waiting`  a place that the store has lost is put back at its own order first
 *
 * Throws Unavailable for places that are not ACTIVE while the store is away. One store step.
 */
export const findStanding =
  (deps: FindStandingDeps) =>
  async (claims: QueueClaims, final: FinalState | null): Promise<Found> => {
    let sight: Sight;
    try {
      sight = await deps.store.look(claims.concertId, claims.userId, claims);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      return withoutStore(deps, claims, error);
    }
    return settle(deps, claims, final, sight);
  };
