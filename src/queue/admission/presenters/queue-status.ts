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

/** What the owner of a place is told of it. */
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
  /** When the queue was read, by its store's clock. */
  readonly atMs: InstantMs;
}

export interface StatusDeps {
  readonly tokens: Pick<QueueTokens, "sign" | "renew">;
  readonly random: Random;
  /** For how long this process has served, ms. */
  readonly upMs: () => number;
}

/** A place as it was found, and the sale that it is for. */
export interface StatusOf {
  readonly userId: UserId;
  readonly place: PlaceMark;
  readonly found: FoundPlace;
  readonly schedule: QueueSchedule;
  readonly stock: Stock | null;
  /** What the owner's own token says, when he has shown it. */
  readonly shown: QueueClaims | null;
}

type PlaceView = Pick<
  QueueStatus,
  "status" | "position" | "estimate" | "pollAfterMs" | "expiresAtMs" | "endedReason"
>;

const blank = { position: null, estimate: null, expiresAtMs: null, endedReason: null } as const;

/** A queue that admits nobody for now has no honest estimate. */
const movingStates: readonly QueueState[] = ["OPEN"];

/** Chance, and how much of an interval it may take off. */
type Chance = readonly [jitter: number, share: number];

const viewOf = (seen: StatusOf, queueState: QueueState, chance: Chance): PlaceView => {
  const { atMs, counters, status } = seen.found;
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
      const pollAfterMs = activePollMs(expiresAtMs - atMs, ...chance);
      return { ...blank, status: "ACTIVE", expiresAtMs, pollAfterMs };
    }
    case "waiting": {
      const { policy, resumedAtMs } = seen.schedule;
      if (isBeforeDraw(seen.schedule)) {
        const waiting = { position: null, estimate: null, policy };
        return { ...blank, status: "LOBBY", pollAfterMs: waitingPollMs(waiting, ...chance) };
      }
      const position = counters?.recovering === true ? null : status.position;
      const isMoving = counters !== null && movingStates.includes(queueState);
      const perSecond = isMoving ? admissionsPerSecond(counters, resumedAtMs, atMs) : null;
      const estimate = position === null ? null : estimateWait(position, perSecond);
      const pollAfterMs = waitingPollMs({ position, estimate, policy }, ...chance);
      return { ...blank, status: "WAITING", position, estimate, pollAfterMs };
    }
  }
};

/** The status of a place, with the newest token for it. */
export const queueStatus = (deps: StatusDeps, seen: StatusOf): QueueStatus => {
  const { found, schedule, stock, userId, place, shown } = seen;
  const { concertId } = schedule;
  const recovering = found.counters?.recovering ?? false;
  const queueState = stateAt(schedule, stock, found.atMs, recovering);
  const telling = viewOf(seen, queueState, [deps.random(), jitterShare(deps.upMs())]);
  const claims = encodeClaims({ userId, concertId, ...place }, found.atMs, telling.expiresAtMs);
  const token = shown === null ? deps.tokens.sign(claims) : deps.tokens.renew(shown, claims);
  return { ...telling, token, userId, concertId, queueState, atMs: found.atMs };
};
