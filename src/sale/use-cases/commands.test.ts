import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  alice,
  concert,
  idOf,
  mintFrom,
  nowMs,
  placeOf,
  reservationWith,
} from "#test/support/batch.ts";
import type { OutboxEvent } from "../domain/batch-state.ts";
import type { CancelOutcome, Command, Outcome, PayOutcome } from "../domain/commands.ts";
import type { BoxOffice } from "../ports/box-office.ts";
import type { Outbox } from "../ports/outbox.ts";
import { cancelReservation } from "./cancel-reservation.ts";
import { chargeBalance } from "./charge-balance.ts";
import { payReservation } from "./pay-reservation.ts";

/** A box office that returns the outcome, and an outbox that records its events. */
const portsWith = (outcome: Outcome) => {
  const submitted: Command[] = [];
  const delivered: OutboxEvent[] = [];
  const outbox: Outbox = {
    deliverNow: async (event) => void delivered.push(event),
    markDelivered: () => assert.fail("only a hold is marked"),
  };
  const submit = (async (command: Command) => {
    submitted.push(command);
    return outcome;
  }) as BoxOffice["submit"];
  return {
    submitted,
    delivered,
    deps: { boxOffice: { submit }, outbox, mintId: mintFrom(), currency: "KRW" },
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

describe("payReservation", () => {
  const pay = { claims, reservationId: idOf<"reservation">(501), intent };

  it("the command has its own id and the token's place, and the place ends in the queue", async () => {
    const { deps, submitted, delivered } = portsWith(paid);
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
    const content = { reason: "PAID", epoch: 1, seq: 9 };
    assert.deepEqual(delivered, [
      { topic: "place-ended", concertId: concert, userId: alice, content },
    ]);
  });

  it("a payment that was refused or made before sends no event", async () => {
    for (const outcome of [{ kind: "already-paid", payment }, { kind: "expired" }] as const) {
      const { deps, delivered } = portsWith(outcome);
      assert.equal(await payReservation(deps)(pay), outcome);
      assert.deepEqual(delivered, []);
    }
  });
});

describe("cancelReservation", () => {
  const cancel = {
    userId: alice,
    reservationId: idOf<"reservation">(501),
    tokenConcertId: concert,
  };
  const freed = reservationWith({ status: "CANCELLED" });

  it("an event is sent exactly when seats were freed", async () => {
    const table: [CancelOutcome, events: number][] = [
      [{ kind: "cancelled", freed }, 1],
      [{ kind: "cancelled", freed: null }, 0],
      [{ kind: "not-found" }, 0],
      [{ kind: "not-cancellable" }, 0],
    ];
    for (const [outcome, count] of table) {
      const { deps, submitted, delivered } = portsWith(outcome);
      assert.equal(await cancelReservation(deps)(cancel), outcome);
      assert.deepEqual(submitted, [{ kind: "cancel", ...cancel }]);
      assert.equal(delivered.length, count);
    }
  });
});

describe("chargeBalance", () => {
  it("the command has its own id and the installation's currency", async () => {
    const { deps, submitted } = portsWith({ kind: "balance-limit-exceeded" });
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
