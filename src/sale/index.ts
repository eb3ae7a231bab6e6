import type { ConcertId, MintId, UserId } from "#kernel/ids.ts";
import type { Clock } from "#kernel/instant.ts";
import type { PlaceMark } from "#kernel/place.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { Route } from "#platform/http/route.ts";
import type { Log } from "#platform/log.ts";
import { periodicJob, type Periodic } from "#platform/periodic.ts";
import type { Database } from "#platform/postgres/database.ts";
import { hallRoutes } from "./adapters/http/hall-routes.ts";
import { moneyRoutes } from "./adapters/http/money-routes.ts";
import { operatorRoutes } from "./adapters/http/operator-routes.ts";
import { paymentRoutes } from "./adapters/http/payment-routes.ts";
import { reservationRoutes } from "./adapters/http/reservation-routes.ts";
import { pgAnswers } from "./adapters/postgres/answers.ts";
import { pgBuyers } from "./adapters/postgres/buyers.ts";
import { pgBoxOffice } from "./adapters/postgres/box-office.ts";
import { pgHalls } from "./adapters/postgres/halls.ts";
import { pgHolders } from "./adapters/postgres/holders.ts";
import { deliverNews } from "./adapters/postgres/outbox.ts";
import { purgeAnswers } from "./adapters/postgres/purge.ts";
import { pgRecords } from "./adapters/postgres/records.ts";
import { readRevenue } from "./adapters/postgres/revenue.ts";
import { sweep } from "./adapters/postgres/sweeper.ts";
import { toldMemory, type Told } from "./adapters/told.ts";
import type { StockCount } from "./domain/hall.ts";
import type { SaleObserver } from "./ports/observer.ts";
import type { Shows } from "./ports/shows.ts";
import type { QueueEvents, QueueGate } from "./ports/queue-gate.ts";
import { cancelReservation } from "./use-cases/cancel-reservation.ts";
import { chargeBalance } from "./use-cases/charge-balance.ts";
import { countConcertStock, listDates, listSeats } from "./use-cases/look-at-hall.ts";
import { payReservation } from "./use-cases/pay-reservation.ts";
import {
  listEntries,
  listPayments,
  listReservations,
  readBalance,
  readPayment,
  readReservation,
} from "./use-cases/read-records.ts";
import { listHolders } from "./use-cases/list-holders.ts";
import { listSales } from "./use-cases/list-sales.ts";
import { releaseReservation } from "./use-cases/release-reservation.ts";
import { reserveSeats } from "./use-cases/reserve-seats.ts";

export type { SaleObserver } from "./ports/observer.ts";
export type { SalePolicy, Show, ShowDate, Shows } from "./ports/shows.ts";
export type { Attempt, EnterOutcome, QueueEvents, QueueGate } from "./ports/queue-gate.ts";

export interface SaleDeps {
  /** With at least 8 connections: the batch's, up to 4 that wait alone, the rest for reading. */
  readonly database: Database;
  readonly queueGate: QueueGate;
  readonly news: QueueEvents;
  readonly shows: Shows;
  readonly mintId: MintId;
  /** The wall clock: asked only whether a token speaks for itself while the queue's store is away. */
  readonly clock: Clock;
  monotonicMs(): number;
  readonly log: Log;
  readonly observer: SaleObserver;
  /** ISO 4217. */
  readonly currency: string;
}

export interface SaleFeature {
  readonly routes: readonly Route[];
  /** Seats of all dates that can still be booked, at most 1 s old. Throws Unavailable. */
  stock(concertId: ConcertId): Promise<StockCount>;
  /** What the concert's payments have brought in, in the minor unit, as text. Throws Unavailable. */
  revenue(concertId: ConcertId): Promise<string>;
  /** Ends a place for good and cancels what is held under it; answers after the commit. Throws Unavailable. */
  leave(concertId: ConcertId, userId: UserId, place: PlaceMark): Promise<void>;
  /** Begins to sweep, to tell the queue, to forget old answers. */
  start(): void;
  /** Refuses what comes from now on, and resolves when everything that came has been answered. */
  close(): Promise<void>;
}

/** Lapsed holds become visible and undelivered events are sent again within this time. */
const jobEveryMs = 1_000;
const purgeEveryMs = 10 * 60_000;
/** Far beyond the time limits of the statements that a job sends. */
const jobLateMs = 60_000;

const backgroundJobs = (deps: SaleDeps, told: Told): readonly Periodic[] => {
  const { database, log, news, observer, mintId } = deps;
  const to = { queue: news, hasHeard: told.has };
  const job = (name: string, everyMs: number, work: () => Promise<"more" | "done">): Periodic =>
    periodicJob({
      everyMs,
      lateMs: jobLateMs,
      work,
      onError(error) {
        if (error instanceof Unavailable) log.debug({ err: error, job: name }, "a store is away");
        else log.error({ err: error, job: name }, "a background job failed");
      },
    });
  return [
    job("sweep", jobEveryMs, async () => {
      const { sweptCount, more } = await sweep({ database, mintId });
      if (sweptCount > 0) observer.swept(sweptCount);
      return more ? "more" : "done";
    }),
    job("outbox", jobEveryMs, async () => {
      const { deliveredCount, waitingCount, more } = await deliverNews(database, to);
      observer.outboxDelivered(deliveredCount, waitingCount);
      return more ? "more" : "done";
    }),
    job("purge", purgeEveryMs, () => purgeAnswers(database)),
  ];
};

/** Seats, reservations, balance and payments: one transaction's worth of things, so one feature. */
export const saleFeature = (deps: SaleDeps): SaleFeature => {
  const { currency } = deps;
  const boxOffice = pgBoxOffice(deps);
  const answers = pgAnswers(deps);
  const buyers = pgBuyers(deps);
  const halls = pgHalls(deps);
  const holders = pgHolders(deps.database);
  const reading = { records: pgRecords(deps.database) };
  const told = toldMemory();
  const all = { ...deps, ...told.noting(deps), boxOffice, buyers, answers, halls };
  const background = backgroundJobs(deps, told);
  return {
    routes: [
      ...moneyRoutes({
        currency,
        readBalance: readBalance(reading),
        chargeBalance: chargeBalance(all),
        listEntries: listEntries(reading),
      }),
      ...hallRoutes({ listDates: listDates(all), listSeats: listSeats(all) }),
      ...reservationRoutes({
        reserveSeats: reserveSeats(all),
        readReservation: readReservation(reading),
        cancelReservation: cancelReservation(all),
        listReservations: listReservations(reading),
      }),
      ...paymentRoutes({
        payReservation: payReservation(all),
        readPayment: readPayment(reading),
        listPayments: listPayments(reading),
      }),
      ...operatorRoutes({
        listHolders: listHolders({ holders }),
        listSales: listSales({ holders }),
        releaseReservation: releaseReservation({ ...all, ...reading }),
      }),
    ],
    stock: countConcertStock(all),
    revenue: (concertId) => readRevenue(deps.database, concertId),
    async leave(concertId, userId, { epoch, seq }) {
      const place = { epoch, seq };
      await boxOffice.submit<"leave">({ kind: "leave", userId, concertId, place });
    },
    start() {
      for (const one of background) one.start();
    },
    async close() {
      await Promise.all(background.map((one) => one.close()));
      await Promise.all([boxOffice, buyers, answers, halls].map((one) => one.close()));
    },
  };
};
