import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { EndedReason, PlaceMark, QueueClaims } from "#kernel/place.ts";
import type { QueueState } from "#kernel/queue-forecasts.ts";
import type { Stock } from "#kernel/stock.ts";
import { isBeforeDraw } from "../domain/draw.ts";
import {
  estimateWait,
  seatsLikely,
  seatsLikelyOnList,
  type SeatsLikely,
  type WaitEstimate,
} from "../domain/estimate.ts";
import { activePollMs, jitterShare, endedPollMs, waitingPollMs } from "../domain/poll-interval.ts";
import { isWaitingList, stateAt } from "../domain/queue-state.ts";
import { encodeClaims } from "../domain/token-claims.ts";
import type { QueueTokens } from "../ports/queue-tokens.ts";
import type { Random } from "../ports/random.ts";
import type { QueueSchedule } from "../ports/sales.ts";
import type { FoundPlace } from "../ports/queue-store.ts";
import type { RecentForecasts } from "./recent-forecasts.ts";

/** The status of a place for its user. */
export interface QueueStatus {
  readonly token: string;
  readonly userId: UserId;
  readonly concertId: ConcertId;
  readonly status: "LOBBY" | "WAITING" | "WAITLISTED" | "ACTIVE" | "ENDED";
  readonly queueState: QueueState;
  readonly position: number | null;
  readonly estimate: WaitEstimate | null;
  /** Null unless WAITING or WAITLISTED at a known position, and while the stock is unknown. */
  readonly seatsLikely: SeatsLikely | null;
  readonly pollAfterMs: number;
  readonly expiresAtMs: InstantMs | null;
  readonly endedReason: EndedReason | null;
  /** When the concert was cancelled; an ACTIVE user cannot buy any more either. */
  readonly cancelledAtMs: InstantMs | null;
  /** The store's clock when the queue was read. */
  readonly atMs: InstantMs;
}

export interface StatusDeps {
  readonly forecast: RecentForecasts;
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
  "status" | "position" | "estimate" | "seatsLikely" | "pollAfterMs" | "expiresAtMs" | "endedReason"
>;

const unknown = { estimate: null, seatsLikely: null } as const;
const blank = { ...unknown, position: null, expiresAtMs: null, endedReason: null } as const;

/** Only a queue that admits users has an honest estimate. */
const movingStates: readonly QueueState[] = ["OPEN"];

/** A random number from 0 to 1, and the share of an interval that it takes off. */
type Jitter = readonly [random: number, share: number];

/** The forecast for a waiting user; unknown while the store is away, or the stock unknown. */
const forecastFor = (
  forecast: RecentForecasts,
  { found, schedule, stock }: FoundStatus,
  position: number | null,
  queueState: QueueState,
): Pick<QueueStatus, "estimate" | "seatsLikely"> => {
  const { atMs, counters } = found;
  if (position === null || counters === null || stock === null) return unknown;
  const expected = forecast({ schedule, stock, counters, atMs });
  const isMoving = movingStates.includes(queueState);
  return {
    estimate: isMoving ? estimateWait(expected, position) : null,
    seatsLikely: seatsLikely(expected, position),
  };
};

/** The status of a user on a waiting list. When seats come back is unknown, so there is no estimate. */
const waitlistedView = (
  { schedule: { policy }, stock }: FoundStatus,
  position: number | null,
  jitter: Jitter,
): PlaceView => ({
  ...blank,
  status: "WAITLISTED",
  position,
  seatsLikely:
    position === null || stock === null ? null : seatsLikelyOnList(stock.available, position),
  pollAfterMs: waitingPollMs({ position, estimate: null, policy }, ...jitter),
});

const viewOf = (
  { forecast }: StatusDeps,
  place: FoundStatus,
  queueState: QueueState,
  jitter: Jitter,
): PlaceView => {
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
      const { policy } = place.schedule;
      if (isBeforeDraw(place.schedule)) {
        const waiting = { position: null, estimate: null, policy };
        return { ...blank, status: "LOBBY", pollAfterMs: waitingPollMs(waiting, ...jitter) };
      }
      const position = counters?.recovering === true ? null : status.position;
      if (isWaitingList(policy, queueState, counters?.waitingList === true))
        return waitlistedView(place, position, jitter);
      const expected = forecastFor(forecast, place, position, queueState);
      const { estimate } = expected;
      const pollAfterMs = waitingPollMs({ position, estimate, policy }, ...jitter);
      return { ...blank, status: "WAITING", position, ...expected, pollAfterMs };
    }
  }
};

/** Returns the status of a place, with its newest token. */
export const queueStatus = (deps: StatusDeps, foundStatus: FoundStatus): QueueStatus => {
  const { found, schedule, stock, userId, place, shown } = foundStatus;
  const { concertId, cancelledAtMs } = schedule;
  const recovering = found.counters?.recovering ?? false;
  const queueState = stateAt(schedule, stock, found.atMs, recovering);
  const view = viewOf(deps, foundStatus, queueState, [deps.random(), jitterShare(deps.upMs())]);
  const claims = encodeClaims({ userId, concertId, ...place }, found.atMs, view.expiresAtMs);
  const token = shown === null ? deps.tokens.sign(claims) : deps.tokens.renew(shown, claims);
  return { ...view, token, userId, concertId, queueState, cancelledAtMs, atMs: found.atMs };
};
