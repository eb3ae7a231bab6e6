import type { Clock } from "#kernel/instant.ts";
import type { ConcertId } from "#kernel/ids.ts";
import { loadingCache } from "#platform/loading-cache.ts";
import type { Route } from "#platform/http/route.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import { historyRoutes } from "./adapters/http/history-routes.ts";
import { pgHistory } from "./adapters/postgres/pg-history.ts";
import { pgQueueSamples } from "./adapters/postgres/pg-queue-samples.ts";
import type { QueueStore } from "../admission/ports/queue-store.ts";
import type { LivePlaces } from "./ports/live-places.ts";
import type { Sales } from "../admission/ports/sales.ts";
import {
  readChart,
  readMeasures,
  readPlaces,
  type QueueMeasures,
  type ReadHistoryDeps,
} from "./use-cases/read-history.ts";
import { recordSample } from "./use-cases/record-sample.ts";

export type { QueueMeasures } from "./use-cases/read-history.ts";

export interface QueueHistoryDeps {
  readonly database: Queryable;
  readonly store: Pick<QueueStore, "getSnapshot">;
  readonly livePlaces: LivePlaces;
  readonly findDrawnRank: ReadHistoryDeps["findDrawnRank"];
  readonly sales: Sales;
  readonly clock: Clock;
  /** Monotonic, ms. */
  readonly monotonicMs: () => number;
}

export interface QueueHistory {
  readonly routes: readonly Route[];
  /** Stores a sample of a queue; called at every tick. See `recordSample`. */
  record(concertId: ConcertId): Promise<void>;
  /** At most 2 s old; null for an unknown concert. Throws Unavailable when the database is unreachable. */
  measures(concertId: ConcertId): Promise<QueueMeasures | null>;
}

/** A sample of 1,000 waits costs about 10 ms, so the consoles of all operators share it. */
const measuresAgeMaxMs = 2_000;
const measuresMax = 1_000;

/** A day of samples takes about 300 ms to read and changes by one point a step. */
const chartAgeMaxMs = 2_000;
const chartsMax = 200;

type ReadQueueChart = ReturnType<typeof readChart>;

/** Returns a reader that reads equal charts once within `chartAgeMaxMs`. */
const sharedCharts = (read: ReadQueueChart, nowMs: () => number): ReadQueueChart => {
  const charts = loadingCache({
    load: (key: string) => read(JSON.parse(key) as Parameters<ReadQueueChart>[0]),
    maxAgeMs: chartAgeMaxMs,
    nowMs,
    entriesMax: chartsMax,
  });
  return ({ concertId, spanMs, stepMs }) =>
    charts.get(JSON.stringify({ concertId, spanMs, stepMs }));
};

/** Builds the history of the queues: the instance records it, operators read it. */
export const queueHistory = (deps: QueueHistoryDeps): QueueHistory => {
  const samples = pgQueueSamples(deps.database);
  const reading = { ...deps, samples, history: pgHistory(deps.database) };
  const measures = loadingCache({
    load: readMeasures(reading),
    maxAgeMs: measuresAgeMaxMs,
    nowMs: deps.monotonicMs,
    entriesMax: measuresMax,
  });
  const chart = sharedCharts(readChart(reading), deps.monotonicMs);
  return {
    routes: historyRoutes({ places: readPlaces(reading), chart }),
    record: recordSample({ ...deps, samples }),
    measures: (concertId) => measures.get(concertId),
  };
};
