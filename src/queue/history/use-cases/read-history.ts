import type { Clock, InstantMs } from "#kernel/instant.ts";
import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import { ifUnavailable } from "#kernel/unavailable.ts";
import type { QueueState } from "#kernel/queue-forecasts.ts";
import {
  joinNumber,
  placesOf,
  placeHistoryOf,
  type PlaceHistory,
  type LivePlace,
} from "../domain/place-history.ts";
import { chart, totals, type ChartPoint, type Flow } from "../domain/queue-sample.ts";
import type {
  QueueCounters,
  QueueSnapshot,
  QueueStore,
} from "../../admission/ports/queue-store.ts";
import type { PeekedPlace, LivePlaces } from "../ports/live-places.ts";
import type { History, TurnTimes } from "../ports/place-records.ts";
import type { QueueSchedule, Sales } from "../../admission/ports/sales.ts";
import type { QueueSamples } from "../ports/queue-samples.ts";
import type { DrawnRank } from "../../admission/domain/draw.ts";
import { finalState } from "../../admission/domain/queue-state.ts";
import { readState } from "../../admission/use-cases/read-queue.ts";

export interface ReadHistoryDeps {
  readonly sales: Sales;
  readonly clock: Clock;
  readonly store: Pick<QueueStore, "getSnapshot">;
  readonly livePlaces: LivePlaces;
  /** Null before the draw, and for a user who was not drawn. */
  readonly findDrawnRank: (concertId: ConcertId, userId: UserId) => Promise<DrawnRank | null>;
  readonly history: History;
  readonly samples: Pick<QueueSamples, "firstAndLast" | "lastOfEachStep">;
}

/** Only a program has more entries than this. The newest ones are enough for an operator. */
const entriesMax = 1_000;

/** The places of a user in one queue. */
export interface PlacesOfUser {
  readonly concertId: ConcertId;
  readonly userId: UserId;
  /** Oldest first; empty when there is no record of the user. */
  readonly places: readonly PlaceHistory[];
  readonly atMs: InstantMs;
}

/** Returns a place by the state of the queue. There are no positions in a lobby or while the queue recovers. */
const livePlaceOf = (
  found: PeekedPlace,
  state: QueueState | null,
  recovering: boolean,
): LivePlace => {
  if (found.kind !== "waiting") return found;
  if (state === "LOBBY") return { kind: "lobby", place: found.place };
  return recovering ? { ...found, position: null } : found;
};

/**
 * Reads the history of a user's places in one queue, for an operator. It changes nothing and does not count
 * as a poll of the user.
 *
 * Returns null for an unknown concert. While the queue's store is unreachable, the history contains only
 * what the database has. Throws Unavailable when the database is unreachable.
 *
 * Cost: two steps of the store, three statements and one more for each place.
 */
export const readPlaces =
  (deps: ReadHistoryDeps) =>
  async (concertId: ConcertId, userId: UserId): Promise<PlacesOfUser | null> => {
    const schedule = await deps.sales.find(concertId);
    if (schedule === null) return null;
    const [{ entries, ended }, found, now, drawn, state] = await Promise.all([
      deps.history.placesOf(concertId, userId, entriesMax),
      ifUnavailable(deps.livePlaces.peek(concertId, userId), () => null),
      ifUnavailable(deps.store.getSnapshot(concertId), () => null),
      schedule.policy.mode === "lottery" ? deps.findDrawnRank(concertId, userId) : null,
      readState(deps)(concertId),
    ]);
    const live =
      found === null ? null : livePlaceOf(found, state, now?.counters.recovering ?? false);
    const final = state === null ? null : finalState(state, schedule.policy);
    const known = { entries, ended, live, final };
    const marks = placesOf(known);
    const numberOf = (place: PlaceMark) => joinNumber(place, schedule.policy.mode);
    // A user who left the lobby and joined again was drawn with the last place there.
    const inDraw = marks.findLast((place) => numberOf(place) === null);
    const historyOf = async (place: PlaceMark): Promise<PlaceHistory> => {
      const number = numberOf(place);
      const joinedAtMs =
        number === null ? null : await deps.history.joinedAtMs(concertId, place.epoch, number);
      return placeHistoryOf(known, place, {
        number,
        joinedAtMs,
        drawn: place === inDraw ? drawn : null,
      });
    };
    const places = await Promise.all(marks.map(historyOf));
    return { concertId, userId, places, atMs: deps.clock.nowMs() };
  };

/** Measurements of a queue since it opened. */
export interface QueueMeasures extends TurnTimes {
  /** The snapshot from which the flow is counted; null while the store is unreachable. */
  readonly counters: QueueCounters | null;
  /** Includes the users that a lost store had counted. */
  readonly flow: Flow;
}

const flowUntilNow = (ends: Parameters<typeof totals>[0], now: QueueSnapshot | null): Flow => {
  const last = ends.at(-1);
  if (now === null) return totals(ends);
  const { epoch, atMs, counters } = now;
  const { lastIssued, waiting, active, admittedTotal: admitted, left, lapsed } = counters;
  const sample = { queueEpoch: epoch, atMs, lastIssued, waiting, active, admitted, left, lapsed };
  // Another instance may have stored a sample that is newer than this snapshot.
  const isOlder = last !== undefined && last.queueEpoch === epoch && last.atMs > atMs;
  return totals(isOlder ? ends : [...ends, { ...sample, stock: null }]);
};

const drawnAtOf = ({ policy }: QueueSchedule): InstantMs | null =>
  policy.mode === "lottery" ? policy.admitsAtMs : null;

/**
 * Measures the flow, waits and turns of a queue since it opened. Returns null for an unknown concert.
 * Throws Unavailable when the database is unreachable.
 */
export const readMeasures =
  (deps: ReadHistoryDeps) =>
  async (concertId: ConcertId): Promise<QueueMeasures | null> => {
    const schedule = await deps.sales.find(concertId);
    if (schedule === null) return null;
    const [ends, now, turnTimes] = await Promise.all([
      deps.samples.firstAndLast(concertId),
      ifUnavailable(deps.store.getSnapshot(concertId), () => null),
      deps.history.turnTimes(concertId, drawnAtOf(schedule)),
    ]);
    return { ...turnTimes, counters: now?.counters ?? null, flow: flowUntilNow(ends, now) };
  };

export interface ReadChart {
  readonly concertId: ConcertId;
  /** The span ends now. */
  readonly spanMs: number;
  readonly stepMs: number;
}

export interface QueueChart {
  readonly points: readonly ChartPoint[];
  readonly stepMs: number;
  readonly atMs: InstantMs;
}

/**
 * Reads the chart of a queue over the last `spanMs`. Each step ends on a multiple of `stepMs`; the last step
 * has not ended yet. Returns null for an unknown concert. Throws Unavailable.
 */
export const readChart =
  (deps: Pick<ReadHistoryDeps, "sales" | "clock" | "samples">) =>
  async ({ concertId, spanMs, stepMs }: ReadChart): Promise<QueueChart | null> => {
    if ((await deps.sales.find(concertId)) === null) return null;
    const atMs = deps.clock.nowMs();
    const untilMs = Math.ceil(atMs / stepMs) * stepMs;
    const span = { fromMs: untilMs - Math.ceil(spanMs / stepMs) * stepMs, untilMs, stepMs };
    const samples = await deps.samples.lastOfEachStep(concertId, span);
    return { points: chart(samples, span), stepMs, atMs };
  };
