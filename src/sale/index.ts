import type { Bookings } from "#kernel/bookings.ts";
import type { ConcertId, MintId, UserId } from "#kernel/ids.ts";
import type { Clock } from "#kernel/instant.ts";
import type { PlaceMark } from "#kernel/place.ts";
import type { QueueEvents, QueueGate } from "#kernel/queue-gate.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { Stock } from "#kernel/stock.ts";
import type { Route } from "#platform/http/route.ts";
import type { UserPart } from "#platform/http/user-parts.ts";
import type { Log } from "#platform/log.ts";
import type { Database, Queryable } from "#platform/postgres/database.ts";
import { waitAtLeast } from "#platform/wait-at-least.ts";
import { periodic, periodicJob, type Periodic } from "#platform/periodic.ts";
import { seatRoutes } from "./adapters/http/seat-routes.ts";
import { moneyRoutes, type ChargesMode } from "./adapters/http/money-routes.ts";
import { operatorRoutes } from "./adapters/http/operator-routes.ts";
import { houseSeatRoutes } from "./adapters/http/house-seat-routes.ts";
import { paymentRoutes } from "./adapters/http/payment-routes.ts";
import { refundRoutes } from "./adapters/http/refund-routes.ts";
import { reservationRoutes } from "./adapters/http/reservation-routes.ts";
import { saleUserParts } from "./adapters/http/user-parts.ts";
import { keyTagOf } from "./adapters/key-digest.ts";
import { releaseDelayMs } from "./adapters/known-taken.ts";
import { pgAnswers } from "./adapters/postgres/answers.ts";
import { pgBookings } from "./adapters/postgres/bookings.ts";
import { pgCancelledConcerts } from "./adapters/postgres/cancelled-concerts.ts";
import { pgBuyers } from "./adapters/postgres/buyers.ts";
import { pgBoxOffice } from "./adapters/postgres/box-office.ts";
import { pgSeatMapCache } from "./adapters/postgres/seat-map-cache.ts";
import { pgTakenSeats } from "./adapters/postgres/taken-seats.ts";
import { pgSalesFigures } from "./adapters/postgres/sales-figures.ts";
import { dueJobs } from "./adapters/postgres/due-jobs.ts";
import { pgSeatHolders } from "./adapters/postgres/seat-holders.ts";
import { pgHouseSeats } from "./adapters/postgres/house-seats.ts";
import { pgOutbox, type PgOutbox } from "./adapters/postgres/outbox.ts";
import { seatChangePurge } from "./adapters/postgres/purge-seat-changes.ts";
import { purgeAnswers } from "./adapters/postgres/purge.ts";
import { pgRefunds } from "./adapters/postgres/refunds.ts";
import { pgRecords } from "./adapters/postgres/records.ts";
import { readHoldings } from "./adapters/postgres/holdings.ts";
import { readRevenue } from "./adapters/postgres/revenue.ts";
import { delayedReleases } from "./adapters/delayed-releases.ts";
import type { Cancellation } from "./ports/cancelled-concerts.ts";
import type { SaleObserver } from "./ports/observer.ts";
import type { ConcertsOnSale } from "./ports/concerts-on-sale.ts";
import type { SeatingPlans } from "./ports/seating-plans.ts";
import { changeHouseSeats } from "./use-cases/block-seats.ts";
import { cancelReservation } from "./use-cases/cancel-reservation.ts";
import { chargeBalance } from "./use-cases/charge-balance.ts";
import {
  countConcertStock,
  listDates,
  listSeats,
  readLiveMap,
  readOperatorMap,
} from "./use-cases/read-seat-map.ts";
import { readPlan } from "./use-cases/read-plan.ts";
import { payReservation } from "./use-cases/pay-reservation.ts";
import {
  listEntries,
  listPayments,
  listPaymentsWithRefunds,
  listReservations,
  readBalance,
  readPayment,
  readReservation,
} from "./use-cases/read-records.ts";
import { listSeatHolders } from "./use-cases/list-seat-holders.ts";
import { listSales } from "./use-cases/list-sales.ts";
import { refundForOperator } from "./use-cases/refund-for-operator.ts";
import { listRefunds, readRefundOffer, refundPayment } from "./use-cases/refund-payment.ts";
import { refundCancelledConcert } from "./use-cases/refund-cancelled-concert.ts";
import { releaseReservation } from "./use-cases/release-reservation.ts";
import { reserveSeats } from "./use-cases/reserve-seats.ts";

export type { SaleObserver } from "./ports/observer.ts";
export type {
  ConcertOnSale,
  ConcertsOnSale,
  SalePolicy,
  ShowDate,
} from "./ports/concerts-on-sale.ts";

export interface SaleDeps {
  /** At least 8 connections: up to 2 for batches, up to 4 for deferred commands, the rest for reads. */
  readonly database: Database;
  /** Connections of the operators' own: no crowd of users makes their calls wait. */
  readonly operatorDatabase: Database;
  readonly concerts: ConcertsOnSale;
  readonly plans: SeatingPlans;
  readonly mintId: MintId;
  /** The wall clock. Only judges whether a token is ACTIVE while the queue's store is away. */
  readonly clock: Clock;
  monotonicMs(): number;
  readonly log: Log;
  readonly observer: SaleObserver;
  /** ISO 4217. */
  readonly currency: string;
  readonly charges: ChargesMode;
}

/** The ports to the other features. */
export interface Neighbours {
  readonly queueGate: QueueGate;
  readonly queueEvents: QueueEvents;
  /** False for a user that is unknown or erased. Throws Unavailable. */
  userExists(userId: UserId): Promise<boolean>;
}

/** The sale's parts that need no queue. The queue itself needs `stock` and `leave`. */
export interface SaleFeature {
  /** The numbers of a concert's seats, at most 1 s old. Throws Unavailable. */
  stock(concertId: ConcertId): Promise<Stock>;
  /** The revenue of the concert in the minor unit, as text. Throws Unavailable. */
  revenue(concertId: ConcertId): Promise<string>;
  /** How far the refunds of a cancelled concert are; null for any other. Throws Unavailable. */
  cancellation(concertId: ConcertId): Promise<Cancellation | null>;
  /** The balance of a user, and the tickets of shows that have not begun. Throws Unavailable. */
  holdings(userId: UserId): Promise<{ readonly balance: number; readonly validTickets: number }>;
  /** The parts of the record that operators read about a user. */
  readonly userParts: readonly UserPart[];
  /** Wallets, ledger and stored answers in the transaction of another feature. */
  readonly bookings: Bookings<Queryable>;
  /** Ends a place for good and cancels the reservation HELD under it. Resolves after the commit. Throws Unavailable. */
  leave(concertId: ConcertId, userId: UserId, place: PlaceMark): Promise<void>;
  /** Completes the sale with the queue in front of it and the accounts beside it. Called once. */
  connect(others: Neighbours): ConnectedSale;
}

export interface ConnectedSale {
  readonly routes: readonly Route[];
  /** Starts the sweeper, the outbox, the purge of old stored answers and the refunds of cancelled concerts. */
  start(): void;
  /** Refuses new commands and resolves when every earlier command has its answer. */
  close(): Promise<void>;
}

/** Lapsed holds become visible and undelivered events are sent again within this time. */
const jobEveryMs = 1_000;
const purgeEveryMs = 10 * 60_000;
/** The purge keeps a minute of changes; the table may hold some seconds more. */
const seatChangesEveryMs = 10_000;
/** Far beyond the time limits of the statements that a job sends. */
const jobLateMs = 60_000;

/** Cancelled concerts of which one instance refunds tickets at the same time. */
const refundingMax = 2;

const backgroundJobs = (
  deps: SaleDeps & ReturnType<typeof openAdapters>,
  outbox: PgOutbox,
): readonly Periodic[] => {
  const { database, log, cancelledConcerts } = deps;
  const purgeSeatChanges = seatChangePurge(database, deps.monotonicMs);
  const report = (name: string, error: unknown): void => {
    if (error instanceof Unavailable) log.debug({ err: error, job: name }, "a store is away");
    else log.error({ err: error, job: name }, "a background job failed");
  };
  const job = (name: string, everyMs: number, work: () => Promise<"more" | "done">): Periodic =>
    periodicJob({ everyMs, lateMs: jobLateMs, work, onError: (error) => report(name, error) });
  const refunds = periodic({
    everyMs: jobEveryMs,
    lateMs: jobLateMs,
    items: cancelledConcerts.unfinished,
    sleeps: true,
    keyOf: ({ concertId }) => concertId,
    concurrencyMax: refundingMax,
    work: refundCancelledConcert(deps),
    onError: (_, error) => report("refund", error),
  });
  const timing = { everyMs: jobEveryMs, lateMs: jobLateMs, onError: report };
  return [
    dueJobs({ ...deps, ...timing, outbox, onRefundsDue: () => refunds.wake(0) }),
    job("seat changes", seatChangesEveryMs, async () => {
      await purgeSeatChanges();
      return "done";
    }),
    job("purge", purgeEveryMs, () => purgeAnswers(database)),
    refunds,
  ];
};

const openAdapters = (deps: SaleDeps) => {
  const releases = {
    boxOffice: pgBoxOffice(deps),
    houseSeats: pgHouseSeats(deps),
    refunds: pgRefunds(deps),
  };
  return {
    ...delayedReleases(releases, () => waitAtLeast(releaseDelayMs, deps.monotonicMs)),
    answers: pgAnswers(deps),
    buyers: pgBuyers(deps),
    seatMaps: pgSeatMapCache(deps),
    takenSeats: pgTakenSeats(deps),
    holders: pgSeatHolders(deps.operatorDatabase),
    figures: pgSalesFigures({ ...deps, database: deps.operatorDatabase }),
    records: pgRecords(deps.database),
    cancelledConcerts: pgCancelledConcerts(deps),
  };
};

const routesOf = (
  all: SaleDeps &
    ReturnType<typeof openAdapters> &
    Pick<Neighbours, "queueGate" | "userExists"> & { readonly outbox: PgOutbox },
): readonly Route[] => [
  ...moneyRoutes({
    currency: all.currency,
    charges: all.charges,
    userExists: all.userExists,
    readBalance: readBalance(all),
    chargeBalance: chargeBalance(all),
    listEntries: listEntries(all),
  }),
  ...seatRoutes({
    listDates: listDates(all),
    listSeats: listSeats(all),
    readLiveMap: readLiveMap(all),
  }),
  ...reservationRoutes({
    reserveSeats: reserveSeats({ ...all, keyTagOf }),
    readReservation: readReservation(all),
    cancelReservation: cancelReservation(all),
    listReservations: listReservations(all),
    planOf: readPlan(all),
  }),
  ...paymentRoutes({
    payReservation: payReservation(all),
    readPayment: readPayment(all),
    listPayments: listPayments(all),
    planOf: readPlan(all),
  }),
  ...operatorRoutes({
    listSeatHolders: listSeatHolders(all),
    readOperatorMap: readOperatorMap(all),
    listSales: listSales(all),
    releaseReservation: releaseReservation(all),
    planOf: readPlan(all),
  }),
  ...refundRoutes({
    currency: all.currency,
    refundPayment: refundPayment(all),
    readRefundOffer: readRefundOffer(all),
    listRefunds: listRefunds(all),
    refundForOperator: refundForOperator(all),
  }),
  ...houseSeatRoutes({ changeHouseSeats: changeHouseSeats(all) }),
];

/** Seats, reservations, balances and payments. One transaction changes them together, so they are one feature. */
export const saleFeature = (deps: SaleDeps): SaleFeature => {
  const adapters = openAdapters(deps);
  const { boxOffice, answers, buyers, takenSeats } = adapters;
  return {
    stock: countConcertStock({ ...deps, ...adapters }),
    revenue: (concertId) => readRevenue(deps.operatorDatabase, concertId),
    cancellation: (concertId) => adapters.cancelledConcerts.progress(concertId),
    holdings: (userId) => readHoldings(deps.database, userId),
    userParts: saleUserParts({
      currency: deps.currency,
      readBalance: readBalance(adapters),
      listReservations: listReservations(adapters),
      listPaymentsWithRefunds: listPaymentsWithRefunds(adapters),
      listEntries: listEntries(adapters),
      planOf: readPlan(deps),
    }),
    bookings: pgBookings({ ...deps, answers }),
    async leave(concertId, userId, { epoch, seq }) {
      const place = { epoch, seq };
      await boxOffice.submit<"leave">({ kind: "leave", userId, concertId, place });
    },
    connect({ queueGate, queueEvents, userExists }) {
      const outbox = pgOutbox({ database: deps.database, queueEvents });
      const jobs = backgroundJobs({ ...deps, ...adapters }, outbox);
      return {
        routes: routesOf({ ...deps, ...adapters, queueGate, userExists, outbox }),
        start() {
          for (const job of jobs) job.start();
        },
        async close() {
          await Promise.all(jobs.map((job) => job.close()));
          await Promise.all([boxOffice, answers, buyers, takenSeats].map((one) => one.close()));
        },
      };
    },
  };
};
