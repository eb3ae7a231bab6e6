import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  saleFeature,
  type ConcertOnSale,
  type ConnectedSale,
  type SaleDeps,
  type SaleFeature,
} from "#sale";
import type { ReservationId, UserId } from "#kernel/ids.ts";
import { mintId } from "#platform/ids.ts";
import type { Answer } from "#platform/http/route.ts";
import { hall } from "#test/support/batch.ts";
import {
  dates,
  markOf,
  newId,
  openSaleFixture,
  seatPrice,
  silent,
  type SaleFixture,
} from "#test/support/box-office.ts";
import { eventually, sleep } from "#test/support/concurrency.ts";
import { releaseDelayMs } from "./adapters/known-taken.ts";

// Every kind of release through the wiring of the feature, whose clock the test moves: while the clock stands, the seat
// is free in the database, and no caller is told.

let fixture: SaleFixture;
let nowMs = 0;
let sale: SaleFeature;
let connected: ConnectedSale;
const [date] = dates;
const operator = { kind: "operator", actor: "operator:1", role: "admin" };

const concertOnSale = (): ConcertOnSale => ({
  concertId: fixture.concertId,
  timeZone: "UTC",
  currency: "KRW",
  grades: [{ name: "R", price: seatPrice }],
  dates: dates.map((one) => ({ date: one, startsAtMs: Date.parse(one) })),
  policy: {
    ...{ holdSeconds: 300, maxSeatsPerUser: 50, maxSeatsPerReservation: 50, holdsPerUser: 0 },
    ...{ holdCooldownSeconds: 0, singleSeats: "allowed", refunds: { until: 0, fees: [] } },
  },
  cancelledAtMs: null,
});

const nothing = async (): Promise<void> => undefined;
const silentLog = { debug() {}, info() {}, warn() {}, error() {} };

before(async () => {
  fixture = await openSaleFixture();
  const deps: SaleDeps = {
    database: fixture.another().database,
    operatorDatabase: fixture.another().database,
    concerts: { find: async () => concertOnSale() },
    plans: { find: async () => hall },
    mintId,
    clock: { nowMs: () => Date.now() },
    monotonicMs: () => nowMs,
    log: silentLog,
    observer: silent,
    currency: "KRW",
    charges: "open",
  };
  sale = saleFeature(deps);
  connected = sale.connect({
    queueGate: {
      enter: async () => ({ kind: "away" }),
      checkActive: async () => ({ kind: "away" }),
      releaseLocks: async () => false,
    },
    queueEvents: { holdCarried: nothing, holdCleared: nothing, placeEnded: nothing },
    userExists: async () => true,
  });
});
after(async () => {
  await connected.close();
  await fixture[Symbol.asyncDispose]();
});

const ask = (operationId: string, request: object): Promise<Answer> => {
  const found = connected.routes.find((one) => one.operationId === operationId) ?? assert.fail();
  const whole = { params: {}, query: {}, body: {}, intent: null, ...request };
  return Promise.resolve(found.handle(whole as never));
};

/** Moves the clock until there is an answer. */
const finish = async <Outcome>(answering: Promise<Outcome>): Promise<Outcome> => {
  let isAnswered = false;
  const answered = answering.finally(() => {
    isAnswered = true;
  });
  await eventually("there is an answer", () => {
    nowMs += releaseDelayMs;
    return isAnswered || undefined;
  });
  return answered;
};

/** A seat that a user holds. */
const held = async (user: UserId, seatNumber: number): Promise<ReservationId> =>
  (await fixture.held(user, [seatNumber])).reservationId;

/** The payment of a seat. */
const paid = async (user: UserId, seatNumber: number): Promise<string> => {
  const reservationId = await held(user, seatNumber);
  await fixture.charge(user, seatPrice);
  const outcome = await fixture.pay(user, reservationId);
  return outcome.kind === "paid" ? outcome.payment.paymentId : assert.fail(outcome.kind);
};

/** Takes the seat and returns the request that gives it up. */
const kinds: Record<
  string,
  (user: UserId, seatNumber: number) => Promise<() => Promise<Answer | void>>
> = {
  cancelReservation: async (user, seatNumber) => {
    const reservationId = await held(user, seatNumber);
    const caller = { kind: "user", userId: user };
    return () => ask("cancelReservation", { caller, params: { reservationId } });
  },
  "leaving the queue": async (user, seatNumber) => {
    await held(user, seatNumber);
    return () => sale.leave(fixture.concertId, user, markOf(1));
  },
  releaseReservation: async (user, seatNumber) => {
    const reservationId = await held(user, seatNumber);
    const request = { caller: operator, params: { reservationId }, body: { reason: "No show" } };
    return () => ask("releaseReservation", request);
  },
  refundPayment: async (user, seatNumber) => {
    const paymentId = await paid(user, seatNumber);
    const caller = { kind: "user", userId: user };
    const intent = { key: "refund", fingerprint: "f" };
    return () => ask("refundPayment", { caller, params: { paymentId }, intent });
  },
  refundTickets: async (user, seatNumber) => {
    const body = { paymentIds: [await paid(user, seatNumber)], reason: "Rain" };
    const params = { concertId: fixture.concertId };
    const intent = { key: "refund", fingerprint: "f" };
    return () => ask("refundTickets", { caller: operator, params, body, intent });
  },
  unblockSeats: async (_, seatNumber) => {
    const params = { concertId: fixture.concertId, date };
    const body = { seatNumbers: [seatNumber], reason: "House" };
    const blocking = ask("blockSeats", { caller: operator, params, body });
    await finish(blocking);
    return () => ask("unblockSeats", { caller: operator, params, body });
  },
};

const isFree = async (seatNumber: number): Promise<true | undefined> => {
  const [seat] = await fixture.sql<{ status: string }>(
    "select status from seat where date = $1 and seat_number = $2",
    [date, seatNumber],
  );
  return seat?.status === "AVAILABLE" || undefined;
};

/** Long enough for an answer that does not wait. If it is not, the test misses a fault, and fails for no other reason. */
const answerMs = 200;

describe("a release", () => {
  for (const [index, [kind, take]] of Object.entries(kinds).entries())
    it(`tells of its free seat only ${releaseDelayMs} ms after the commit: ${kind}`, async () => {
      const seatNumber = 21 + index;
      const release = await take(newId<"user">(), seatNumber);
      let isAnswered = false;
      const answering = release().finally(() => {
        isAnswered = true;
      });
      await eventually("the seat is free", () => isFree(seatNumber));
      nowMs += releaseDelayMs - 1;
      await sleep(answerMs);
      assert.equal(isAnswered, false);
      const answer = await finish(answering);
      assert.ok(answer === undefined || !("problem" in answer), JSON.stringify(answer));
    });
});
