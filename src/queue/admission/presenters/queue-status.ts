import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { EndedReason, PlaceMark, QueueClaims } from "#kernel/place.ts";
import { isBeforeDraw } from "../domain/draw.ts";
import { admissionsPerSecond, estimateWait, type WaitEstimate } from "../domain/estimate.ts";
import { activePollMs, jitterShare, endedPollMs, waitingPollMs } from "../domain/poll-interval.ts";
import { type QueueState, stateAt } from "../domain/queue-state.ts";
import { encodeClaims } from "../domain/token-claims.ts";
import type { QueueTokens } from "../ports/queue-tokens.ts";
import type { Random } from "../ports/random.ts";
import type { QueueSchedule, Stock } from "../ports/sales.ts";
import type { FoundPlace } from "../ports/queue-store.ts";

/** The status of a place for its user. */
export interface QueueStatus {
  readonly token: string;
  readonly userId: UserId;
  readonly concertId: ConcertId;
  readonly status: "LOBBY" | "WAITING" | "ACTIVE" | "ENDED";
  readonly queueState: QueueState;
  readonly position: number | null;
  readonly estimate: WaitEstimate | null;
  readonly pollAfterMs: number;
  readonly expiresAtMs: InstantMs | null;
  readonly endedReason: EndedReason | null;
  /** The store's clock when the queue was read. */
  readonly atMs: InstantMs;
}

export interface StatusDeps {
  readonly tokens: Pick<QueueTokens, "sign" | "renew">;
  readonly random: Random;
  /** The time since this process began to serve, in ms. */
  readonly upMs: () => number;
}

/** A place with its resolved status, and its sale. */
export interface FoundStatus {
  readonly userId: UserId;
  readonly place: PlaceMark;
  readonly found: FoundPlace;
  readonly schedule: QueueSchedule;
  readonly stock: Stock | null;
  /** The claims of the token that the user has shown; null: the user joins. */
  readonly shown: QueueClaims | null;
}

type PlaceView = Pick<
  QueueStatus,
  "status" | "position" | "estimate" | "pollAfterMs" | "expiresAtMs" | "endedReason"
>;

const blank = { position: null, estimate: null, expiresAtMs: null, endedReason: null } as const;

/** Only a queue that admits users has an honest estimate. */
const movingStates: readonly QueueState[] = ["OPEN"];

/** A random number from 0 to 1, and the share of an interval that it takes off. */
type Jitter = readonly [random: number, share: number];

const viewOf = (place: FoundStatus, queueState: QueueState, jitter: Jitter): PlaceView => {
  const { atMs, counters, status } = place.found;
  switch (status.kind) {
    case "ended":
      return {
        ...blank,
        status: "ENDED",
        endedReason: status.reason,
        pollAfterMs: endedPollMs,
      };
    case "active": {
      const { expiresAtMs } = status;
      const pollAfterMs = activePollMs(expiresAtMs - atMs, ...jitter);
      return { ...blank, status: "ACTIVE", expiresAtMs, pollAfterMs };
    }
    case "waiting": {
      const { policy, resumedAtMs } = place.schedule;
      if (isBeforeDraw(place.schedule)) {
        const waiting = { position: null, estimate: null, policy };
        return { ...blank, status: "LOBBY", pollAfterMs: waitingPollMs(waiting, ...jitter) };
      }
      const position = counters?.recovering === true ? null : status.position;
      const isMoving = counters !== null && movingStates.includes(queueState);
      const perSecond = isMoving ? admissionsPerSecond(counters, resumedAtMs, atMs) : null;
      const estimate = position === null ? null : estimateWait(position, perSecond);
      const pollAfterMs = waitingPollMs({ position, estimate, policy }, ...jitter);
      return { ...blank, status: "WAITING", position, estimate, pollAfterMs };
    }
  }
};

/** Returns the status of a place, with its newest token. */
export const queueStatus = (deps: StatusDeps, foundStatus: FoundStatus): QueueStatus => {
  const { found, schedule, stock, userId, place, shown } = foundStatus;
  const { concertId } = schedule;
  const recovering = found.counters?.recovering ?? false;
  const queueState = stateAt(schedule, stock, found.atMs, recovering);
  const view = viewOf(foundStatus, queueState, [deps.random(), jitterShare(deps.upMs())]);
  const claims = encodeClaims({ userId, concertId, ...place }, found.atMs, view.expiresAtMs);
  const token = shown === null ? deps.tokens.sign(claims) : deps.tokens.renew(shown, claims);
  return { ...view, token, userId, concertId, queueState, atMs: found.atMs };
};
