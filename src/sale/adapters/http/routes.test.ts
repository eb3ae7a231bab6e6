import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { problemCodesOf } from "#platform/http/openapi-answers.ts";
import type { Answer, Route, RouteRequest } from "#platform/http/route.ts";
import {
  alice,
  bob,
  concert,
  date,
  hall,
  idOf,
  nowMs,
  placeOf,
  price,
  reservationWith,
} from "#test/support/batch.ts";
import type { CancelOutcome, ChargeOutcome, PayOutcome, Success } from "../../domain/commands.ts";
import type { Payment } from "../../domain/payment.ts";
import type { ListSeatsOutcome } from "../../use-cases/read-seat-map.ts";
import type { ReadReservationOutcome } from "../../use-cases/read-records.ts";
import type { ReserveSeatsOutcome } from "../../use-cases/reserve-seats.ts";
import { seatRoutes } from "./seat-routes.ts";
import { moneyRoutes } from "./money-routes.ts";
import { paymentRoutes } from "./payment-routes.ts";
import { reservationRoutes } from "./reservation-routes.ts";

const at = "2027-01-15T08:00:00.000Z";
const reservation = reservationWith({});
const payment: Payment = {
  paymentId: idOf(700),
  reservationId: idOf(501),
  userId: alice,
  concertId: concert,
  amount: price,
  currency: "KRW",
  balance: 9,
  paidAtMs: nowMs,
  tickets: [{ ticketId: idOf(900), concertId: concert, date, seatNumber: 1 }],
};
const paymentBody = {
  paymentId: idOf(700),
  reservationId: idOf(501),
  userId: alice,
  amount: price,
  currency: "KRW",
  balance: 9,
  paidAt: at,
  tickets: payment.tickets.map((ticket) => ({
    ...ticket,
    ...{ section: null, row: null, name: null, grade: "R" },
  })),
};
const charged: ChargeOutcome = {
  kind: "charged",
  chargeId: idOf(800),
  userId: alice,
  amount: 5,
  balance: 9,
  currency: "KRW",
  chargedAtMs: nowMs,
};

const claims = { userId: alice, concertId: concert, placeId: "1.8", ...placeOf(8) };
const place = { kind: "place", userId: alice, claims } as const;
const user = { kind: "user", userId: alice } as const;
const operator = { kind: "operator", actor: "operator:1", role: "admin" } as const;

/** Calls the route with this operationId. */
const ask = async (
  routes: readonly Route[],
  operationId: string,
  request: Partial<RouteRequest>,
): Promise<Answer> => {
  const found = routes.find((one) => one.operationId === operationId) ?? assert.fail();
  const whole = { params: {}, query: {}, body: {}, intent: null, url: "/", ...request };
  const answer = await found.handle(whole as never);
  if ("problem" in answer) {
    assert.ok(problemCodesOf(found).includes(answer.problem), "a declared problem");
  } else {
    assert.ok(answer.status in found.answers, "a declared status");
  }
  return answer;
};

/** A use case with a fixed result. */
const resolves =
  <T>(value: T) =>
  async (): Promise<T> =>
    value;

const reservations = (outcome: unknown) =>
  reservationRoutes({
    reserveSeats: resolves(outcome as ReserveSeatsOutcome),
    readReservation: resolves(outcome as ReadReservationOutcome),
    cancelReservation: resolves(outcome as CancelOutcome),
    listReservations: resolves({ items: [{ reservation, nowMs }], next: null }),
    planOf: async () => hall,
  });
const payments = (outcome: unknown) =>
  paymentRoutes({
    payReservation: resolves(outcome as PayOutcome),
    readPayment: resolves(outcome as Payment | null),
    listPayments: resolves({ items: [payment], next: payment.paymentId }),
    planOf: async () => hall,
  });
const money = (outcome: ChargeOutcome, charges: "open" | "operator" = "open") =>
  moneyRoutes({
    currency: "KRW",
    charges,
    userExists: async (userId) => userId === alice,
    readBalance: resolves(7),
    chargeBalance: resolves(outcome),
    listEntries: resolves({
      items: [
        {
          entryNo: 3,
          entryId: idOf<"entry">(1),
          type: "CHARGE",
          amount: 5,
          balance: 9,
          transferId: idOf(800),
          createdAtMs: nowMs,
        },
      ],
      next: 3,
    }),
  });

describe("the answers of the sale", () => {
  it("to a reservation have one code for each outcome, with its members", async () => {
    const limit = { kind: "seat-limit-exceeded", seatsMax: 4, owned: 2 } as const;
    const table: [ReserveSeatsOutcome, string, object?][] = [
      [{ kind: "not-active" }, "QUEUE_NOT_ACTIVE"],
      [{ kind: "ended" }, "QUEUE_TOKEN_ENDED"],
      [{ kind: "date-not-found" }, "DATE_NOT_FOUND"],
      [
        { kind: "already-held", reservationId: idOf(501) },
        "RESERVATION_ALREADY_HELD",
        { reservationId: idOf(501) },
      ],
      [{ ...limit, limitOf: "user" }, "SEAT_LIMIT_EXCEEDED"],
      [{ ...limit, limitOf: "reservation" }, "SEAT_LIMIT_EXCEEDED"],
      [{ kind: "seats-unavailable", seatNumbers: [2] }, "SEAT_UNAVAILABLE", { seatNumbers: [2] }],
      [{ kind: "single-seat-left", seatNumbers: [3] }, "SINGLE_SEAT_LEFT", { seatNumbers: [3] }],
      [{ kind: "key-reused" }, "IDEMPOTENCY_KEY_REUSED"],
      [{ kind: "key-in-progress" }, "IDEMPOTENCY_IN_PROGRESS"],
    ];
    const request = { caller: place, body: { date, seatNumbers: [1] } };
    for (const [outcome, problem, members] of table) {
      const answer = await ask(reservations(outcome), "reserveSeats", request);
      assert.equal("problem" in answer && answer.problem, problem);
      if ("problem" in answer) assert.deepEqual(answer.members, members);
    }
  });

  it("to a payment and a charge have one code for each outcome", async () => {
    const pays: [PayOutcome, string, object?][] = [
      [{ kind: "token-mismatch" }, "QUEUE_TOKEN_MISMATCH"],
      [{ kind: "not-found" }, "RESERVATION_NOT_FOUND"],
      [{ kind: "not-payable" }, "RESERVATION_NOT_PAYABLE"],
      [{ kind: "expired" }, "RESERVATION_EXPIRED"],
      [
        { kind: "insufficient-balance", balance: 1, amount: 2 },
        "INSUFFICIENT_BALANCE",
        { balance: 1, amount: 2 },
      ],
      [{ kind: "key-reused" }, "IDEMPOTENCY_KEY_REUSED"],
      [{ kind: "key-in-progress" }, "IDEMPOTENCY_IN_PROGRESS"],
    ];
    for (const [outcome, problem, members] of pays) {
      const request = { caller: place, body: { reservationId: idOf(501) } };
      const answer = await ask(payments(outcome), "payReservation", request);
      assert.equal("problem" in answer && answer.problem, problem);
      if ("problem" in answer) assert.deepEqual(answer.members, members);
    }
    const intent = { key: "k", fingerprint: "f" };
    const request = { caller: user, params: { userId: alice }, body: { amount: 5 } };
    const limited = money({ kind: "balance-limit-exceeded" });
    assert.equal(
      ((await ask(limited, "chargeBalance", { ...request, intent })) as { problem: string })
        .problem,
      "BALANCE_LIMIT_EXCEEDED",
    );
    assert.deepEqual(await ask(limited, "chargeBalance", request), {
      problem: "IDEMPOTENCY_KEY_REQUIRED",
    });
  });

  it("to a user's own charge is CHARGES_DISABLED where only the desk charges", async () => {
    const routes = money({ kind: "balance-limit-exceeded" }, "operator");
    const intent = { key: "k", fingerprint: "f" };
    const request = { caller: user, params: { userId: alice }, body: { amount: 5 }, intent };
    assert.deepEqual(await ask(routes, "chargeBalance", request), { problem: "CHARGES_DISABLED" });
    const desk = { ...request, body: { amount: 5, reason: "cash" }, caller: operator };
    assert.equal(
      ((await ask(routes, "chargeAtDesk", desk)) as { problem: string }).problem,
      "BALANCE_LIMIT_EXCEEDED",
    );
    const unknown = { ...desk, params: { userId: idOf(999) } };
    assert.deepEqual(await ask(routes, "chargeAtDesk", unknown), { problem: "NOT_FOUND" });
    assert.deepEqual(await ask(routes, "chargeAtDesk", { ...desk, intent: null }), {
      problem: "IDEMPOTENCY_KEY_REQUIRED",
    });
  });

  it("to a retry with the same key are the first answer to the byte, marked as replayed", async () => {
    const headers = { "Idempotent-Replayed": "true" };
    const reserved: ReserveSeatsOutcome = { kind: "reserved", reservation };
    const paid: PayOutcome = { kind: "paid", payment, ended: placeOf(7) };
    const again: PayOutcome = { kind: "already-paid", payment };
    const table: [number, (outcome: never) => readonly Route[], string, object][] = [
      [201, reservations, "reserveSeats", reserved],
      [201, payments, "payReservation", paid],
      [200, payments, "payReservation", again],
      [201, money, "chargeBalance", charged],
    ];
    const intent = { key: "k", fingerprint: "f" };
    for (const [status, routes, operationId, outcome] of table) {
      const caller = operationId === "chargeBalance" ? user : place;
      const body = { reservationId: idOf(501), date, seatNumbers: [1] };
      const request = { caller, params: { userId: alice }, body, intent };
      const first = await ask(routes(outcome as never), operationId, request);
      assert.equal("status" in first && first.status, status);
      // Like the database: parsed from text.
      const answer: unknown = JSON.parse(JSON.stringify(outcome));
      const replayed = { kind: "replayed", answer } as never;
      const second = await ask(routes(replayed), operationId, request);
      assert.deepEqual(second, { ...first, headers });
      const bodies = [first, second].map((one) => JSON.stringify("body" in one && one.body));
      assert.equal(bodies[0], bodies[1]);
    }
  });

  it("to a key with the stored answer of another command are refused as a bug", async () => {
    const request = { caller: place, intent: { key: "k", fingerprint: "f" } };
    const stored: Success = { kind: "paid", payment, ended: placeOf(7) };
    const replayed = reservations({ kind: "replayed", answer: stored });
    await assert.rejects(
      ask(replayed, "reserveSeats", { ...request, body: { date, seatNumbers: [1] } }),
      /paid is of another command/,
    );
  });

  it("to a read have the reservation with the time of its status", async () => {
    const params = { reservationId: idOf(501) };
    const outcome = { kind: "found", reservation, nowMs };
    assert.deepEqual(
      await ask(reservations(outcome), "readReservation", { caller: user, params }),
      {
        status: 200,
        body: {
          reservationId: idOf(501),
          userId: alice,
          concertId: concert,
          date,
          seatNumbers: [1],
          seats: [{ seatNumber: 1, section: null, row: null, name: null, grade: "R", price }],
          together: true,
          amount: price,
          currency: "KRW",
          status: "HELD",
          heldAt: "2027-01-15T07:59:59.000Z",
          expiresAt: "2027-01-15T08:00:01.000Z",
          serverTime: at,
        },
      },
    );
    for (const [kind, problem] of [
      ["not-found", "RESERVATION_NOT_FOUND"],
      ["token-mismatch", "QUEUE_TOKEN_MISMATCH"],
    ] as const) {
      for (const operation of ["readReservation", "cancelReservation"]) {
        const answer = await ask(reservations({ kind }), operation, { caller: place, params });
        assert.deepEqual(answer, { problem });
      }
    }
    const cancelled = { kind: "cancelled", freed: null };
    assert.deepEqual(
      await ask(reservations(cancelled), "cancelReservation", { caller: user, params }),
      {
        status: 204,
      },
    );
    const paid = await ask(reservations({ kind: "not-cancellable" }), "cancelReservation", {
      caller: user,
      params,
    });
    assert.equal("problem" in paid && paid.problem, "RESERVATION_NOT_CANCELLABLE");
  });

  it("to reads have payments, balances and entries", async () => {
    const params = { userId: alice, paymentId: idOf(700) };
    const request = { caller: user, params };
    assert.deepEqual(await ask(payments(payment), "readPayment", request), {
      status: 200,
      body: paymentBody,
    });
    assert.deepEqual(await ask(payments(null), "readPayment", request), {
      problem: "PAYMENT_NOT_FOUND",
    });
    assert.deepEqual(await ask(money(charged), "readBalance", request), {
      status: 200,
      body: { userId: alice, balance: 7, currency: "KRW" },
    });
    const page = await ask(money(charged), "listBalanceEntries", request);
    assert.deepEqual("body" in page && page.body, {
      items: [
        {
          entryId: idOf(1),
          type: "CHARGE",
          amount: 5,
          balance: 9,
          referenceId: idOf(800),
          createdAt: at,
        },
      ],
      nextCursor: Buffer.from("3").toString("base64url"),
    });
  });

  it("on the path of another user are 404, and an invalid cursor is refused", async () => {
    const lists = [
      [money(charged), "listBalanceEntries"],
      [payments(payment), "listPayments"],
      [reservations({}), "listReservations"],
    ] as const;
    const others = [
      ...lists,
      [money(charged), "readBalance"],
      [money(charged), "chargeBalance"],
    ] as const;
    for (const [routes, operationId] of others) {
      const request = { caller: user, params: { userId: bob } };
      assert.deepEqual(await ask(routes, operationId, request), { problem: "NOT_FOUND" });
    }
    for (const [routes, operationId] of lists) {
      const request = { caller: user, params: { userId: alice }, query: { cursor: "?" } };
      const refused = await ask(routes, operationId, request);
      assert.equal("problem" in refused && refused.problem, "INVALID_REQUEST");
      const good = await ask(routes, operationId, { ...request, query: {} });
      assert.equal("status" in good && good.status, 200);
    }
  });

  it("to reads have dates and seats", async () => {
    const nameless = { section: null, row: null, name: null };
    const seats: ListSeatsOutcome = {
      kind: "seats",
      date,
      seatsAvailable: 1,
      seats: [{ seatNumber: 1, grade: "R", price, ...nameless, status: "AVAILABLE" }],
    };
    const seatUseCases = (outcome: ListSeatsOutcome) =>
      seatRoutes({
        listDates: resolves([{ date, startsAtMs: nowMs, seatsAvailable: 1, seatsTotal: 50 }]),
        listSeats: resolves(outcome),
        readLiveMap: resolves({ kind: "date-not-found" }),
      });
    const request = { caller: place, params: { concertId: concert, date } };
    assert.deepEqual(await ask(seatUseCases(seats), "listDates", request), {
      status: 200,
      body: { items: [{ date, startsAt: at, seatsAvailable: 1, seatsTotal: 50 }] },
    });
    assert.deepEqual(await ask(seatUseCases(seats), "listSeats", request), {
      status: 200,
      body: {
        date,
        seatsAvailable: 1,
        items: [{ seatNumber: 1, grade: "R", price, ...nameless, status: "AVAILABLE" }],
      },
    });
    assert.deepEqual(await ask(seatUseCases({ kind: "date-not-found" }), "listSeats", request), {
      problem: "DATE_NOT_FOUND",
    });
  });
});
