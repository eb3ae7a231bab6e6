import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { EndedReason, PlaceMark, QueueClaims } from "#kernel/place.ts";
import { isUndrawn } from "../domain/draw.ts";
import { drainPerSecond, estimateWait, type WaitEstimate } from "../domain/estimate.ts";
import { activePollMs, chanceShare, endedPollMs, waitingPollMs } from "../domain/poll-interval.ts";
import type { QueueState } from "../domain/queue-state.ts";
import { encodeClaims } from "../domain/token-claims.ts";
import type { QueueTokens } from "../ports/queue-tokens.ts";
import type { Random } from "../ports/random.ts";
import type { QueueSchedule, Stock } from "../ports/sales.ts";
import type { Found } from "./find-place-status.ts";
import { stateAt } from "./read-queue.ts";

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
  readonly found: Found;
  readonly schedule: QueueSchedule;
  readonly stock: Stock | null;
  /** What the owner's own token says, when he has shown it. */
  readonly shown: QueueClaims | null;
}

type Telling = Pick<
  QueueStatus,
  "status" | "position" | "estimate" | "pollAfterMs" | "expiresAtMs" | "endedReason"
>;

const untold = { position: null, estimate: null, expiresAtMs: null, endedReason: null } as const;

/** A queue that admits nobody for now has no honest estimate. */
const movingStates: readonly QueueState[] = ["OPEN"];

/** Chance, and how much of an interval it may take off. */
type Chance = readonly [jitter: number, share: number];

const tell = (seen: StatusOf, queueState: QueueState, chance: Chance): Telling => {
  const { atMs, figures, placeStatus } = seen.found;
  switch (placeStatus.kind) {
    case "ended":
      return {
        ...untold,
        status: "ENDED",
        endedReason: placeStatus.reason,
        pollAfterMs: endedPollMs,
      };
    case "active": {
      const { expiresAtMs } = placeStatus;
      const pollAfterMs = activePollMs(expiresAtMs - atMs, ...chance);
      return { ...untold, status: "ACTIVE", expiresAtMs, pollAfterMs };
    }
    case "waiting": {
      const { policy, resumedAtMs } = seen.schedule;
      if (isUndrawn(seen.schedule)) {
        const waiting = { position: null, estimate: null, policy };
        return { ...untold, status: "LOBBY", pollAfterMs: waitingPollMs(waiting, ...chance) };
      }
      const position = figures?.recovering === true ? null : placeStatus.position;
      const isMoving = figures !== null && movingStates.includes(queueState);
      const perSecond = isMoving ? drainPerSecond(figures, resumedAtMs, atMs) : null;
      const estimate = position === null ? null : estimateWait(position, perSecond);
      const pollAfterMs = waitingPollMs({ position, estimate, policy }, ...chance);
      return { ...untold, status: "WAITING", position, estimate, pollAfterMs };
    }
  }
};

/** The status of a place, with the newest token for it. */
export const queueStatus = (deps: StatusDeps, seen: StatusOf): QueueStatus => {
  const { found, schedule, stock, userId, place, shown } = seen;
  const { concertId } = schedule;
  const recovering = found.figures?.recovering ?? false;
  const queueState = stateAt(schedule, stock, found.atMs, recovering);
  const telling = tell(seen, queueState, [deps.random(), chanceShare(deps.upMs())]);
  const claims = encodeClaims({ userId, concertId, ...place }, found.atMs, telling.expiresAtMs);
  const token = shown === null ? deps.tokens.sign(claims) : deps.tokens.renew(shown, claims);
  return { ...telling, token, userId, concertId, queueState, atMs: found.atMs };
};
