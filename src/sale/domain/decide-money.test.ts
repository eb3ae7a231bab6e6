import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { balanceMax } from "#kernel/money.ts";
import {
  alice,
  bob,
  chargeWith,
  concert,
  date,
  idOf,
  nowMs,
  otherConcert,
  payWith,
  placeOf,
  price,
  seatIn,
  stateWith,
  type Given,
} from "#test/support/batch.ts";
import { answerKey, buyerKey, hasChanged, replaceSeat } from "./batch-state.ts";
import type { Pay, PayOutcome, StoredAnswer } from "./commands.ts";
import { decideCharge, decidePay } from "./decide-money.ts";
import type { Payment } from "./payment.ts";
import { freeSeat } from "./seat.ts";

const intent = { key: "k", fingerprint: "f" };
const rich = { [alice]: 10_000, [bob]: 10_000 };
const payment: Payment = {
  paymentId: idOf(700),
  reservationId: idOf(501),
  userId: alice,
  concertId: concert,
  amount: price,
  currency: "KRW",
  balance: 9000,
  paidAtMs: nowMs,
  tickets: [{ ticketId: idOf(900_001), concertId: concert, date, seatNumber: 1 }],
};
const stored: StoredAnswer = { fingerprint: "f", answer: { kind: "already-paid", payment } };

describe("decideCharge", () => {
  it("a charge raises the balance by a balanced transfer", () => {
    const state = stateWith({ wallets: { [alice]: 200 } });
    assert.deepEqual(decideCharge(state, chargeWith({ amount: 500 }), nowMs), {
      kind: "charged",
      chargeId: idOf(800),
      userId: alice,
      amount: 500,
      balance: 700,
      currency: "KRW",
      chargedAtMs: nowMs,
    });
    assert.equal(state.wallets.get(alice), 700);
    assert.equal(state.changes.transfers.length, 1);
    assert.deepEqual([...state.changes.wallets], [alice]);
    assert.equal(state.changes.answers.size, 1);
  });

  it("a charge beyond the largest balance is refused and changes nothing", () => {
    const state = stateWith({ wallets: { [alice]: balanceMax } });
    const outcome = decideCharge(state, chargeWith({ amount: 1 }), nowMs);
    assert.deepEqual(outcome, { kind: "balance-limit-exceeded" });
    assert.equal(hasChanged(state), false);
  });

  it("a charge at the desk is in the audit trail once; a user's own charge is not", () => {
    const state = stateWith({ wallets: { [alice]: 200 } });
    decideCharge(state, chargeWith({ intent: { key: "own", fingerprint: "a" } }), nowMs);
    assert.deepEqual(state.changes.audits, []);
    const onBehalf = { actor: "operator:1", reason: "cash" };
    const desk = chargeWith({ chargeId: idOf(801), amount: 50, onBehalf });
    decideCharge(state, desk, nowMs);
    decideCharge(state, desk, nowMs);
    assert.deepEqual(state.changes.audits, [
      {
        actor: "operator:1",
        action: "balance.charged",
        concertId: null,
        before: { userId: alice, balance: 700 },
        after: { chargeId: idOf(801), amount: 50, balance: 750, reason: "cash" },
      },
    ]);
  });

  it("a charge takes effect once a key", () => {
    const state = stateWith({ wallets: { [alice]: 0 } });
    const first = decideCharge(state, chargeWith({}), nowMs);
    const again = decideCharge(state, chargeWith({ chargeId: idOf(801) }), nowMs);
    assert.deepEqual(again, { kind: "replayed", answer: first });
    const reused = chargeWith({ intent: { key: "charge", fingerprint: "b" } });
    assert.deepEqual(decideCharge(state, reused, nowMs), { kind: "key-reused" });
    assert.equal(state.wallets.get(alice), 500);
  });
});

describe("decidePay", () => {
  it("refusals come in this order and change nothing", () => {
    const held = { reservations: [{}], wallets: rich };
    const withStatus = (status: "CANCELLED" | "EXPIRED"): Given => ({
      reservations: [{ status }],
      wallets: rich,
    });
    const table: [string, Given, Partial<Pay>, PayOutcome][] = [
      [
        "one's own of another concert",
        held,
        { concertId: otherConcert },
        { kind: "token-mismatch" },
      ],
      ["none", { wallets: rich }, {}, { kind: "not-found" }],
      ["another user's", held, { userId: bob }, { kind: "not-found" }],
      [
        "another user's of another concert",
        held,
        { userId: bob, concertId: otherConcert },
        { kind: "not-found" },
      ],
      ["of a cancelled concert", { ...held, isCancelled: true }, {}, { kind: "concert-cancelled" }],
      [
        "a cancelled one of a cancelled concert",
        { ...withStatus("CANCELLED"), isCancelled: true },
        {},
        { kind: "concert-cancelled" },
      ],
      [
        "another user's of a cancelled concert",
        { ...held, isCancelled: true },
        { userId: bob },
        { kind: "not-found" },
      ],
      ["a cancelled one", withStatus("CANCELLED"), {}, { kind: "not-payable" }],
      ["an expired one", withStatus("EXPIRED"), {}, { kind: "expired" }],
      [
        "a lapsed one, in the very millisecond",
        { ...held, reservations: [{ expiresAtMs: nowMs }] },
        {},
        { kind: "expired" },
      ],
      [
        "a lapsed one before the balance",
        { reservations: [{ expiresAtMs: nowMs }] },
        {},
        { kind: "expired" },
      ],
      [
        "too little money",
        { reservations: [{}], wallets: { [alice]: price - 1 } },
        {},
        { kind: "insufficient-balance", balance: price - 1, amount: price },
      ],
      [
        "no wallet",
        { reservations: [{}] },
        {},
        { kind: "insufficient-balance", balance: 0, amount: price },
      ],
    ];
    for (const [title, given, part, outcome] of table) {
      const state = stateWith(given);
      const command = payWith({ intent, ...part });
      assert.deepEqual(decidePay(state, command, nowMs), outcome, title);
      assert.equal(hasChanged(state), false, title);
    }
  });

  it("a stored answer comes before every refusal but token-mismatch", () => {
    const state = stateWith({ reservations: [{ status: "CANCELLED" }] });
    state.answers.set(answerKey(alice, "k"), stored);
    const other = payWith({ intent, concertId: otherConcert });
    assert.equal(decidePay(state, other, nowMs).kind, "token-mismatch");
    assert.deepEqual(decidePay(state, payWith({ intent }), nowMs), {
      kind: "replayed",
      answer: stored.answer,
    });
    const none = payWith({ intent, reservationId: idOf(999) });
    assert.equal(decidePay(state, none, nowMs).kind, "replayed");
  });

  it("a payment is refused when another reservation owns one of the seats", () => {
    const state = stateWith({ reservations: [{ seatNumbers: [1, 2] }], wallets: rich });
    replaceSeat(state, freeSeat(seatIn(state, 2)));
    assert.deepEqual(decidePay(state, payWith(), nowMs), { kind: "expired" });
    assert.equal(state.changes.payments.length, 0);
  });

  it("a payment moves the money, sells the seats, makes the tickets and ends the place", () => {
    const state = stateWith({ reservations: [{}], wallets: rich });
    const outcome = decidePay(state, payWith({ intent }), nowMs);
    assert.deepEqual(outcome, { kind: "paid", payment, ended: placeOf(7) });
    assert.equal(state.wallets.get(alice), 9000);
    assert.equal(seatIn(state, 1).status, "SOLD");
    assert.equal(seatIn(state, 1).reservationId, idOf(501));
    assert.equal(state.reservations.get(idOf(501))?.status, "CONFIRMED");
    assert.deepEqual(state.changes.payments, [payment]);
    assert.equal(state.changes.transfers[0]?.type, "PAYMENT");
    assert.equal(state.buyers.get(buyerKey(alice, concert))?.raisedBy, "PAID");
    assert.equal(state.changes.answers.size, 1);
    assert.deepEqual(state.changes.lostSeats, []);
    assert.deepEqual(
      state.changes.outbox.map((event) => [event.topic, event.content]),
      [["place-ended", { epoch: 1, seq: 7, reason: "PAID" }]],
    );
  });

  it("the later of the token's place and the reservation's place ends", () => {
    const table: [token: number, reservation: number, ended: number][] = [
      [7, 7, 7],
      [9, 7, 9],
      [5, 7, 7],
    ];
    for (const [token, reserved, ended] of table) {
      const state = stateWith({ reservations: [{ place: placeOf(reserved) }], wallets: rich });
      const outcome = decidePay(state, payWith({ place: placeOf(token) }), nowMs);
      assert.deepEqual(outcome.kind === "paid" && outcome.ended, placeOf(ended));
      assert.deepEqual(state.buyers.get(buyerKey(alice, concert))?.ended, placeOf(ended));
    }
  });

  it("a higher mark stays, and the queue gets place-ended all the same", () => {
    const buyers = [{ userId: alice, ended: placeOf(9) }];
    const state = stateWith({ buyers, reservations: [{}], wallets: rich });
    assert.equal(decidePay(state, payWith(), nowMs).kind, "paid");
    assert.deepEqual(state.buyers.get(buyerKey(alice, concert))?.ended, placeOf(9));
    assert.equal(state.changes.outbox.length, 1);
  });

  it("a second payment returns the first one, also under another key", () => {
    const state = stateWith({ reservations: [{}], wallets: rich });
    decidePay(state, payWith(), nowMs);
    const again = decidePay(state, payWith({ paymentId: idOf(701), intent }), nowMs);
    assert.deepEqual(again, { kind: "already-paid", payment });
    assert.equal(state.wallets.get(alice), 9000);
    assert.equal(state.answers.get(answerKey(alice, "k"))?.answer, again);
  });

  it("with money for one of two reservations, the first is paid", () => {
    const second = {
      reservationId: idOf<"reservation">(502),
      concertId: otherConcert,
      seatNumbers: [2],
    };
    const state = stateWith({ reservations: [{}, second], wallets: { [alice]: price + 1 } });
    assert.equal(decidePay(state, payWith(), nowMs).kind, "paid");
    const later = payWith({ reservationId: idOf(502), concertId: otherConcert });
    assert.deepEqual(decidePay(state, later, nowMs), {
      kind: "insufficient-balance",
      balance: 1,
      amount: price,
    });
  });

  it("a CONFIRMED reservation without its payment, or without its buyer row, throws", () => {
    const confirmed = stateWith({ reservations: [{ status: "CONFIRMED" }] });
    assert.throws(() => decidePay(confirmed, payWith(), nowMs), /without its payment/);
    const orphaned = stateWith({ buyers: [], reservations: [{}], wallets: rich });
    assert.throws(() => decidePay(orphaned, payWith(), nowMs), /without its buyer/);
  });
});
