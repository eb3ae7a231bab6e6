import type { ConcertId, MintId } from "#kernel/ids.ts";
import type { Clock } from "#kernel/instant.ts";
import type { Route } from "#platform/http/route.ts";
import type { Log } from "#platform/log.ts";
import { periodicJob, type Periodic } from "#platform/periodic.ts";
import type { Database } from "#platform/postgres/database.ts";
import { operatorRoutes } from "./adapters/http/operator-routes.ts";
import { onSaleRoutes } from "./adapters/http/on-sale-routes.ts";
import { publicRoutes } from "./adapters/http/public-routes.ts";
import { pgAuditTrail } from "./adapters/postgres/pg-audit-trail.ts";
import { pgConcertRecords } from "./adapters/postgres/pg-concert-records.ts";
import type { Concert } from "./domain/concert.ts";
import type { LiveQueues, ReadFigures, ReadPace } from "./ports/live.ts";
import { changePolicy } from "./use-cases/change-policy.ts";
import {
  createConcert,
  type CreateConcert,
  type CreateConcertOutcome,
} from "./use-cases/create-concert.ts";
import { knownConcerts } from "./use-cases/known-concerts.ts";
import { listConcerts } from "./use-cases/list-concerts.ts";
import { previewPolicy } from "./use-cases/preview-policy.ts";
import { steerQueue } from "./use-cases/steer-queue.ts";

export type { Concert } from "./domain/concert.ts";
export type {
  LiveFigures,
  LivePace,
  LiveQueues,
  QueueState,
  ReadFigures,
  ReadPace,
} from "./ports/live.ts";
export type { CreateConcert, CreateConcertOutcome } from "./use-cases/create-concert.ts";

export interface CatalogueDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly mintId: MintId;
  /** Cryptographically strong. */
  readonly randomBytes: (count: number) => Uint8Array;
  readonly currency: string;
  readonly live: LiveQueues;
  readonly figures: ReadFigures;
  readonly pace: ReadPace;
  readonly log: Log;
}

/** The concerts; `start` begins to keep what is known of them fresh. */
export interface CatalogueFeature extends Periodic {
  readonly routes: readonly Route[];
  /** The concert, or null: see KnownConcerts.find. At most 1 s old once started, or as last known. */
  readonly find: (concertId: ConcertId) => Promise<Concert | null>;
  /** Concerts whose queue may have something to do. */
  readonly running: () => Promise<readonly Concert[]>;
  readonly createConcert: (command: CreateConcert) => Promise<CreateConcertOutcome>;
}

/**
 * A change must be in force within a second everywhere. Longer, and a slow read or a busy instance
 * breaks that; shorter, and idle instances cost the database more than a few statements a second.
 */
const refreshEveryMs = 250;
const refreshLateMs = 10_000;

/** Refreshes again and again; the log says when failures begin and when they end. */
const refreshing = (refresh: () => Promise<void>, log: Log): Periodic => {
  let isFailing = false;
  return periodicJob({
    everyMs: refreshEveryMs,
    lateMs: refreshLateMs,
    async work() {
      await refresh();
      if (isFailing) log.info({}, "the concerts' settings are read again");
      isFailing = false;
    },
    onError(error) {
      if (!isFailing)
        log.warn({ err: error }, "the concerts' settings cannot be read; the last known are used");
      isFailing = true;
    },
  });
};

/** The concerts: what they are, how they are sold, what operators change. */
export const catalogueFeature = (deps: CatalogueDeps): CatalogueFeature => {
  const records = pgConcertRecords(deps.database);
  const known = knownConcerts({ records, clock: deps.clock });
  const mintSeed = () => Buffer.from(deps.randomBytes(32)).toString("hex");
  const create = createConcert({ ...deps, records, known, mintSeed });
  const reading = {
    find: known.find,
    listConcerts: listConcerts({ records, known }),
    live: deps.live,
  };
  return {
    routes: [
      ...publicRoutes(reading),
      ...onSaleRoutes(reading),
      ...operatorRoutes({
        ...deps,
        createConcert: create,
        changePolicy: changePolicy({ records, known, mintSeed }),
        previewPolicy: previewPolicy({ ...deps, records, known }),
        steerQueue: steerQueue({ records, known }),
        find: known.find,
        audit: pgAuditTrail(deps.database),
      }),
    ],
    find: known.find,
    running: known.running,
    createConcert: create,
    ...refreshing(known.refresh, deps.log),
  };
};
