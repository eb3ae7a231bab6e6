import type { ConcertId } from "#kernel/ids.ts";
import type { Clock } from "#kernel/instant.ts";
import { loadingCache } from "#platform/loading-cache.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import { placesOfUser } from "./adapters/http/user-parts.ts";
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
  type ReadHistoryDeps,
} from "./use-cases/read-history.ts";
import { readAllPlaces } from "./use-cases/read-all-places.ts";
import { recordSample } from "./use-cases/record-sample.ts";

export type { QueueMeasures } from "./use-cases/read-history.ts";

export interface QueueHistoryDeps {
  readonly database: Queryable;
  /** Connections of the operators' own: no crowd of users makes their calls wait. */
  readonly operatorDatabase: Queryable;
  readonly store: Pick<QueueStore, "getSnapshot">;
  readonly livePlaces: LivePlaces;
  readonly findDrawnRank: ReadHistoryDeps["findDrawnRank"];
  readonly sales: Sales;
  readonly clock: Clock;
  /** Monotonic, ms. */
  readonly monotonicMs: () => number;
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
  return async ({ concertId, spanMs, stepMs }) =>
    charts.get(JSON.stringify({ concertId, spanMs, stepMs }));
};

/** Builds the history of the queues: the instance records it, operators read it. */
export const queueHistory = (deps: QueueHistoryDeps) => {
  const samples = pgQueueSamples(deps.operatorDatabase);
  const reading = { ...deps, samples, history: pgHistory(deps.operatorDatabase) };
  const measures = loadingCache({
    load: readMeasures(reading),
    maxAgeMs: measuresAgeMaxMs,
    nowMs: deps.monotonicMs,
    entriesMax: measuresMax,
  });
  const chart = sharedCharts(readChart(reading), deps.monotonicMs);
  const places = readPlaces(reading);
  return {
    routes: historyRoutes({ places, chart }),
    userParts: [placesOfUser({ allPlaces: readAllPlaces(reading, places) })],
    /** Stores a sample of a queue; called at every tick. See `recordSample`. */
    record: recordSample({ ...deps, samples: pgQueueSamples(deps.database) }),
    /** At most 2 s old; null for an unknown concert. Throws Unavailable when the database is unreachable. */
    measures: async (concertId: ConcertId) => measures.get(concertId),
  };
};
