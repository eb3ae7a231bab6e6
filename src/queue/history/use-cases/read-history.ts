import type { Clock, InstantMs } from "#kernel/instant.ts";
import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import {
  joinNumber,
  placesOf,
  placeHistoryOf,
  type PlaceHistory,
  type LivePlace,
} from "../domain/place-history.ts";
import { chart, totals, type ChartPoint, type Flow } from "../domain/queue-sample.ts";
import type { QueueCounters, QueueStore } from "../../admission/ports/queue-store.ts";
import type { PeekedPlace, LivePlaces } from "../ports/live-places.ts";
import type { History, TurnTimes } from "../ports/place-records.ts";
import type { QueueSchedule, Sales } from "../../admission/ports/sales.ts";
import type { QueueSamples } from "../ports/queue-samples.ts";
import type { DrawnRank } from "../../admission/domain/draw.ts";
import { finalState, type QueueState } from "../../admission/domain/queue-state.ts";
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

/** Somebody with more than this many entries is a program; the newest ones tell enough. */
const entriesMax = 1_000;

/** What is told about a user's places. */
export interface PlacesOfUser {
  readonly concertId: ConcertId;
  readonly userId: UserId;
  /** Oldest first; empty when nothing is known of him. */
  readonly places: readonly PlaceHistory[];
  readonly atMs: InstantMs;
}

const orNull = async <T>(asked: Promise<T>): Promise<T | null> => {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Unavailable) return null;
    throw error;
  }
};

/** What the store calls waiting, as it is told: nobody has a position before the draw, or while the queue recovers. */
const inState = (found: PeekedPlace, state: QueueState | null, recovering: boolean): LivePlace => {
  if (found.kind !== "waiting") return found;
  if (state === "LOBBY") return { kind: "lobby", place: found.place };
  return recovering ? { ...found, position: null } : found;
};

/**
 * The history of a user's places in one line, for who must answer his questions; null when there is no
 * such concert. Where the queue's store is away the story goes as far as the database knows it. Throws
 * Unavailable when the database is away. It changes nothing, and counts as no asking of the user's.
 *
 * Cost: two steps of the store, three statements and one more a place.
 */
export const readPlaces =
  (deps: ReadHistoryDeps) =>
  async (concertId: ConcertId, userId: UserId): Promise<PlacesOfUser | null> => {
    const schedule = await deps.sales.find(concertId);
    if (schedule === null) return null;
    const [{ entries, ended }, found, now, drawn, state] = await Promise.all([
      deps.history.placesOf(concertId, userId, entriesMax),
      orNull<PeekedPlace>(deps.livePlaces.peek(concertId, userId)),
      orNull<LiveCounts>(deps.store.getSnapshot(concertId)),
      schedule.policy.mode === "lottery" ? deps.findDrawnRank(concertId, userId) : null,
      readState(deps)(concertId),
    ]);
    const live = found === null ? null : inState(found, state, now?.counters.recovering ?? false);
    const known = { entries, ended, live, final: state === null ? null : finalState(state) };
    const marks = placesOf(known);
    const numberOf = (place: PlaceMark) => joinNumber(place, schedule.policy.mode);
    // Who left the lobby and came back was drawn in the last place that he had there.
    const inDraw = marks.findLast((place) => numberOf(place) === null);
    const tell = async (place: PlaceMark): Promise<PlaceHistory> => {
      const number = numberOf(place);
      const joinedAtMs =
        number === null ? null : await deps.history.joinedAtMs(concertId, place.epoch, number);
      return placeHistoryOf(known, place, {
        number,
        joinedAtMs,
        drawn: place === inDraw ? drawn : null,
      });
    };
    const places = await Promise.all(marks.map(tell));
    return { concertId, userId, places, atMs: deps.clock.nowMs() };
  };

/** What is measured of a queue since it opened. */
export interface QueueMeasures extends TurnTimes {
  /** Everybody who ever joined, was admitted, left or lapsed, also by a store that was lost since. */
  readonly flow: Flow;
}

const flowUntilNow = (ends: Parameters<typeof totals>[0], now: LiveCounts | null): Flow => {
  const last = ends.at(-1);
  if (now === null) return totals(ends);
  const { epoch, atMs, counters } = now;
  const { lastIssued, waiting, active, admittedTotal: admitted, left, lapsed } = counters;
  const sample = { queueEpoch: epoch, atMs, lastIssued, waiting, active, admitted, left, lapsed };
  // Another instance may have noted a later second than this one has just looked at.
  const isOlder = last !== undefined && last.queueEpoch === epoch && last.atMs > atMs;
  return totals(isOlder ? ends : [...ends, { ...sample, stock: null }]);
};

interface LiveCounts {
  readonly epoch: number;
  readonly atMs: InstantMs;
  readonly counters: QueueCounters;
}

const drawnAtOf = ({ policy }: QueueSchedule): InstantMs | null =>
  policy.mode === "lottery" ? policy.admitsAtMs : null;

/** How many came and what became of them, and how long they waited. Throws Unavailable when the database is away. */
export const readMeasures =
  (deps: ReadHistoryDeps) =>
  async (concertId: ConcertId): Promise<QueueMeasures | null> => {
    const schedule = await deps.sales.find(concertId);
    if (schedule === null) return null;
    const [ends, now, pace] = await Promise.all([
      deps.samples.firstAndLast(concertId),
      orNull<LiveCounts>(deps.store.getSnapshot(concertId)),
      deps.history.turnTimes(concertId, drawnAtOf(schedule)),
    ]);
    return { ...pace, flow: flowUntilNow(ends, now) };
  };

export interface ReadChart {
  readonly concertId: ConcertId;
  /** Up to now. */
  readonly spanMs: number;
  readonly stepMs: number;
}

export interface QueueChart {
  readonly points: readonly ChartPoint[];
  readonly stepMs: number;
  readonly atMs: InstantMs;
}

/**
 * How a queue went over the last time, in even steps that end on whole steps of the clock; the last one
 * is the one that runs. Null when there is no such concert. Throws Unavailable.
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
