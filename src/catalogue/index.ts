import { whenThere, type MaybePromise } from "#kernel/maybe-promise.ts";
import type { ConcertId, MintId } from "#kernel/ids.ts";
import type { Clock } from "#kernel/instant.ts";
import type { Route } from "#platform/http/route.ts";
import type { Log } from "#platform/log.ts";
import { periodicJob, type Periodic } from "#platform/periodic.ts";
import type { Database } from "#platform/postgres/database.ts";
import { concertCache } from "./adapters/concert-cache.ts";
import { operatorRoutes } from "./adapters/http/operator-routes.ts";
import { correctRoute } from "./adapters/http/correct-route.ts";
import { dateRoutes } from "./adapters/http/date-routes.ts";
import { onSaleRoutes } from "./adapters/http/on-sale-routes.ts";
import { planRoute } from "./adapters/http/plan-route.ts";
import { publicRoutes } from "./adapters/http/public-routes.ts";
import { createdView } from "./adapters/http/views.ts";
import { planDigest } from "./adapters/plan-digest.ts";
import { pgAuditTrail } from "./adapters/postgres/pg-audit-trail.ts";
import { pgConcertRecords } from "./adapters/postgres/pg-concert-records.ts";
import { pgSeatingPlans } from "./adapters/postgres/pg-seating-plans.ts";
import { isPublished, type Concert } from "./domain/concert.ts";
import type { SeatingPlans } from "./ports/seating-plans.ts";
import type { SaleMonitor } from "./ports/sale-monitor.ts";
import { addDate, moveDate } from "./use-cases/change-dates.ts";
import { changePolicy } from "./use-cases/change-policy.ts";
import { controlQueue } from "./use-cases/control-queue.ts";
import { correctConcert } from "./use-cases/correct-concert.ts";
import {
  createConcert,
  type CreateConcert,
  type CreateConcertOutcome,
} from "./use-cases/create-concert.ts";
import { findConcerts } from "./use-cases/find-concerts.ts";
import { listConcerts } from "./use-cases/list-concerts.ts";
import { previewPolicy } from "./use-cases/preview-policy.ts";
import { readSeatingPlan } from "./use-cases/read-seating-plan.ts";

export type { Concert } from "./domain/concert.ts";
export type { SaleMonitor, SaleStats } from "./ports/sale-monitor.ts";
export type { CreateConcert } from "./use-cases/create-concert.ts";

export interface CatalogueDeps {
  readonly database: Database;
  /** Connections of the operators' own: no crowd of users makes their calls wait. */
  readonly operatorDatabase: Database;
  readonly clock: Clock;
  readonly mintId: MintId;
  /** Cryptographically strong. */
  readonly randomBytes: (count: number) => Uint8Array;
  /** ISO 4217 code of the installation. */
  readonly currency: string;
  readonly log: Log;
}

/** The catalogue; `start` begins the periodic refresh of its cache. */
export interface CatalogueFeature extends Periodic {
  /** The routes of users and operators; they show what the monitor reads of queue and sale. */
  readonly routes: (monitor: SaleMonitor) => readonly Route[];
  /**
   * The concert, or null, also for a draft: see ConcertCache. Its settings are at most 1 s old once `start` was called;
   * while PostgreSQL is away, they are the last ones read.
   */
  readonly find: (concertId: ConcertId) => MaybePromise<Concert | null>;
  /** Brings `find` to what PostgreSQL knows now. Throws Unavailable. */
  readonly refresh: () => Promise<void>;
  readonly plans: SeatingPlans;
  /** The concerts whose queue may have work to do. */
  readonly running: () => Promise<readonly Concert[]>;
  readonly createConcert: (command: CreateConcert) => Promise<CreateConcertOutcome>;
}

/**
 * A change must be in force on every instance within 1,000 ms. A longer period lets a slow read break
 * that; a shorter one costs PostgreSQL more than four statements a second for each idle instance.
 */
const refreshEveryMs = 250;
const refreshLateMs = 10_000;

/** The periodic refresh; the log says when failures begin and when they end. */
const refreshing = (refresh: () => Promise<void>, log: Log): Periodic => {
  let isFailing = false;
  return periodicJob({
    everyMs: refreshEveryMs,
    lateMs: refreshLateMs,
    async work() {
      await refresh();
      if (isFailing) log.info({}, "the settings of the concerts can be read again");
      isFailing = false;
    },
    onError(error) {
      if (!isFailing)
        log.warn(
          { err: error },
          "the settings of the concerts cannot be read; the last ones read stay in force",
        );
      isFailing = true;
    },
  });
};

/** Concerts, their policies, the controls of operators, and the audit trail. */
export const catalogueFeature = (deps: CatalogueDeps): CatalogueFeature => {
  const records = pgConcertRecords(deps.database);
  const operatorRecords = pgConcertRecords(deps.operatorDatabase);
  // An instance reads each plan once, and operators must not wait behind a crowd for it.
  const plans = pgSeatingPlans(deps.operatorDatabase);
  const cache = concertCache({ records, clock: deps.clock });
  const mintSeed = () => Buffer.from(deps.randomBytes(32)).toString("hex");
  const create = createConcert({
    ...deps,
    records: operatorRecords,
    cache,
    mintSeed,
    answerOf: createdView,
  });
  const ifPublished = (concert: Concert | null): Concert | null =>
    concert !== null && isPublished(concert, deps.clock.nowMs()) ? concert : null;
  const findPublished = (concertId: ConcertId): MaybePromise<Concert | null> =>
    whenThere(cache.find(concertId), ifPublished);
  return {
    routes: (monitor) => {
      const reading = { find: cache.find, listConcerts: listConcerts({ records, cache }), monitor };
      const managing = { records: operatorRecords, cache };
      return [
        ...publicRoutes({ ...reading, find: findPublished }),
        planRoute(readSeatingPlan({ find: findPublished, plans, digestOf: planDigest })),
        ...onSaleRoutes({ ...reading, findConcerts: findConcerts({ ...managing, monitor }) }),
        correctRoute({ monitor, correctConcert: correctConcert(managing) }),
        ...dateRoutes({
          monitor,
          addDate: addDate(managing),
          moveDate: moveDate(managing),
        }),
        ...operatorRoutes({
          createConcert: create,
          changePolicy: changePolicy({ ...managing, mintSeed }),
          previewPolicy: previewPolicy({ ...managing, monitor }),
          controlQueue: controlQueue(managing),
          find: cache.find,
          audit: pgAuditTrail(deps.operatorDatabase),
          monitor,
          clock: deps.clock,
        }),
      ];
    },
    find: findPublished,
    refresh: cache.refresh,
    plans,
    running: cache.running,
    createConcert: create,
    ...refreshing(cache.refresh, deps.log),
  };
};
