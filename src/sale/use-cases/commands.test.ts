import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Unavailable } from "#kernel/unavailable.ts";
import {
  alice,
  concert,
  idOf,
  mintFrom,
  nowMs,
  placeOf,
  reservationWith,
} from "#test/support/batch.ts";
import type { CancelOutcome, Command, Outcome, PayOutcome } from "../domain/commands.ts";
import type { BoxOffice } from "../ports/box-office.ts";
import type { QueueEvents } from "../ports/queue-gate.ts";
import { cancelReservation } from "./cancel-reservation.ts";
import { chargeBalance } from "./charge-balance.ts";
import { payReservation } from "./pay-reservation.ts";

/** A box office that answers what it is told to, and a queue that writes down what it hears. */
const worldWith = (outcome: Outcome, trouble?: Error) => {
  const submitted: Command[] = [];
  const heard: unknown[] = [];
  const hear = async (said: object): Promise<void> => {
    heard.push(said);
    if (trouble) throw trouble;
  };
  const queueEvents: QueueEvents = { holdCarried: hear, holdCleared: hear, placeEnded: hear };
  const submit = (async (command: Command) => {
    submitted.push(command);
    return outcome;
  }) as BoxOffice["submit"];
  return {
    submitted,
    heard,
    deps: { boxOffice: { submit }, queueEvents, mintId: mintFrom(), currency: "KRW" },
  };
};

const claims = { userId: alice, concertId: concert, placeId: "1.8", ...placeOf(8) };
const intent = { key: "k", fingerprint: "f" };
const payment = {
  paymentId: idOf<"payment">(700),
  reservationId: idOf<"reservation">(501),
  userId: alice,
  concertId: concert,
  amount: 1,
  currency: "KRW",
  balance: 0,
  paidAtMs: nowMs,
  tickets: [],
};
const paid: PayOutcome = { kind: "paid", payment, ended: placeOf(9) };

describe("paying a reservation", () => {
  const pay = { claims, reservationId: idOf<"reservation">(501), intent };

  it("asks with an id of its own and the token's place, and ends the place in the queue", async () => {
    const { deps, submitted, heard } = worldWith(paid);
    assert.equal(await payReservation(deps)(pay), paid);
    assert.deepEqual(submitted, [
      {
        kind: "pay",
        paymentId: idOf(900_001),
        userId: alice,
        concertId: concert,
        place: placeOf(8),
        reservationId: idOf(501),
        intent,
      },
    ]);
    assert.deepEqual(heard, [
      { concertId: concert, userId: alice, reason: "PAID", epoch: 1, seq: 9 },
    ]);
  });

  it("is done when the queue cannot hear of it: the outbox tells it later", async () => {
    const { deps } = worldWith(paid, new Unavailable("away"));
    assert.equal(await payReservation(deps)(pay), paid);
  });

  it("does not hide a fault of the queue's", async () => {
    const { deps } = worldWith(paid, new Error("bug"));
    await assert.rejects(payReservation(deps)(pay), /bug/);
  });

  it("tells the queue nothing of a payment that was made before, or refused", async () => {
    for (const outcome of [{ kind: "already-paid", payment }, { kind: "expired" }] as const) {
      const { deps, heard } = worldWith(outcome);
      assert.equal(await payReservation(deps)(pay), outcome);
      assert.deepEqual(heard, []);
    }
  });
});

describe("cancelling a reservation", () => {
  const cancel = {
    userId: alice,
    reservationId: idOf<"reservation">(501),
    tokenConcertId: concert,
  };
  const freed = reservationWith({ status: "CANCELLED" });

  it("tells the queue when it freed seats, and only then", async () => {
    const table: [CancelOutcome, heard: number][] = [
      [{ kind: "cancelled", freed }, 1],
      [{ kind: "cancelled", freed: null }, 0],
      [{ kind: "not-found" }, 0],
      [{ kind: "not-cancellable" }, 0],
    ];
    for (const [outcome, count] of table) {
      const { deps, submitted, heard } = worldWith(outcome);
      assert.equal(await cancelReservation(deps)(cancel), outcome);
      assert.deepEqual(submitted, [{ kind: "cancel", ...cancel }]);
      assert.equal(heard.length, count);
    }
  });

  it("is done when the queue cannot hear of it, and does not hide a fault", async () => {
    const outcome: CancelOutcome = { kind: "cancelled", freed };
    const away = worldWith(outcome, new Unavailable("away"));
    assert.equal(await cancelReservation(away.deps)(cancel), outcome);
    const bug = worldWith(outcome, new Error("bug"));
    await assert.rejects(cancelReservation(bug.deps)(cancel), /bug/);
  });
});

describe("charging a balance", () => {
  it("asks with an id of its own, in the installation's currency", async () => {
    const { deps, submitted } = worldWith({ kind: "balance-limit-exceeded" });
    const outcome = await chargeBalance(deps)({ userId: alice, amount: 5, intent });
    assert.deepEqual(outcome, { kind: "balance-limit-exceeded" });
    assert.deepEqual(submitted, [
      {
        kind: "charge",
        chargeId: idOf(900_001),
        userId: alice,
        amount: 5,
        currency: "KRW",
        intent,
      },
    ]);
  });
});
