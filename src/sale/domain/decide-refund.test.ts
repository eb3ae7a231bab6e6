import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { balanceMax } from "#kernel/money.ts";
import {
  alice,
  bob,
  concert,
  date,
  idOf,
  nowMs,
  otherConcert,
  seatIn,
  soldTicket,
  stateWith,
} from "#test/support/batch.ts";
import { answerKey, hasChanged, type BatchState } from "./batch-state.ts";
import {
  decideOperatorRefund,
  decideRefund,
  type OperatorRefund,
  type RefundPayment,
} from "./decide-refund.ts";
import { refundTickets } from "./refund-tickets.ts";
import type { SoldTicket } from "./refund.ts";

const hourMs = 3_600_000;
const intent = { key: "k", fingerprint: "f" };
const seats = [1, 2, 3];
const [one, two, three] = seats.map((seatNumber) =>
  soldTicket({ seatNumber, price: seatNumber * 333 }),
) as [SoldTicket, SoldTicket, SoldTicket];

const sold = (wallets: Readonly<Record<string, number>> = { [alice]: 50 }): BatchState =>
  stateWith({ reservations: [{ status: "CONFIRMED", seatNumbers: seats }], wallets });

const command: RefundPayment = {
  paymentId: one.paymentId,
  concertId: concert,
  userId: alice,
  ticketIds: null,
  terms: {
    policy: { until: 0, fees: [{ daysBefore: 365, percent: 10 }] },
    date,
    startsAtMs: nowMs + 48 * hourMs,
    timeZone: "UTC",
  },
  intent,
};

const refund = {
  refundId: idOf<"refund">(900_001),
  paymentId: one.paymentId,
  userId: alice,
  concertId: concert,
  ticketIds: [one.ticketId, two.ticketId],
  amount: 999,
  // 10 % of 333 and of 666, each rounded down.
  fee: 99,
  payable: 0,
  balance: 50 + 999 - 99,
  currency: "KRW",
  refundedAtMs: nowMs,
  actor: null,
  reason: null,
};

describe("decideRefund", () => {
  it("gives the price less the fee, frees the seats and voids the tickets", () => {
    const state = sold();
    const ticketIds = [two.ticketId, one.ticketId];
    const outcome = decideRefund(state, { ...command, ticketIds }, [one, two, three], nowMs);
    assert.deepEqual(outcome, { kind: "refunded", refund });
    assert.deepEqual(state.changes.refunds, [refund]);
    assert.equal(state.wallets.get(alice), 950);
    assert.deepEqual(
      state.changes.transfers.map(({ type, transferId, amount, balance }) => [
        type,
        transferId,
        amount,
        balance,
      ]),
      [
        ["REFUND", refund.refundId, 999, 1049],
        ["FEE", refund.refundId, 99, 950],
      ],
    );
    for (const [seatNumber, status] of [
      [1, "AVAILABLE"],
      [2, "AVAILABLE"],
      [3, "SOLD"],
    ] as const)
      assert.equal(seatIn(state, seatNumber).status, status);
    assert.equal(seatIn(state, 1).fence, 2);
    assert.deepEqual(
      state.changes.lostSeats.map(({ seatNumber }) => seatNumber),
      [1, 2],
    );
    assert.deepEqual(state.changes.audits, []);
    assert.ok(state.answers.has(answerKey(alice, "k")));
  });

  it("without a fee it books no fee", () => {
    const state = sold();
    const terms = { ...command.terms, policy: { until: 0, fees: [] } };
    const outcome = decideRefund(state, { ...command, terms }, [one], nowMs);
    assert.ok(outcome.kind === "refunded");
    assert.deepEqual([outcome.refund.fee, outcome.refund.balance], [0, 383]);
    assert.equal(state.changes.transfers.length, 1);
  });

  it("money that the wallet has no room for is payable, less the fee, and the balance stays", () => {
    const full = balanceMax - 332;
    const state = sold({ [alice]: full });
    const outcome = decideRefund(state, command, [one], nowMs);
    assert.ok(outcome.kind === "refunded");
    const { amount, fee, payable, balance } = outcome.refund;
    assert.deepEqual([amount, fee, payable, balance], [333, 33, 300, full]);
    assert.equal(state.changes.wallets.size, 0);
    assert.deepEqual(
      state.changes.transfers.map((transfer) => transfer.balance),
      [null, null],
    );
  });

  it("names all tickets that are not void when none are named, also after a refund of some", () => {
    const outcome = decideRefund(sold(), command, [{ ...one, status: "VOID" }, two], nowMs);
    assert.ok(outcome.kind === "refunded");
    assert.deepEqual(outcome.refund.ticketIds, [two.ticketId]);
  });

  const used: SoldTicket = { ...two, status: "USED" };
  const gone: SoldTicket = { ...one, status: "VOID" };
  const passed: SoldTicket = { ...three, holderId: bob };
  const noRefunds = { ...command, terms: { ...command.terms, policy: null } };
  const late = { ...command, terms: { ...command.terms, startsAtMs: nowMs } };
  for (const [name, asked, tickets, expected] of [
    ["an unknown payment", command, [], { kind: "payment-not-found" }],
    ["another user's payment", { ...command, userId: bob }, [one], { kind: "payment-not-found" }],
    [
      "a ticket of another payment",
      { ...command, ticketIds: [one.ticketId, idOf<"ticket">(5)] },
      [one, two],
      { kind: "ticket-not-found" },
    ],
    ["a concert without refunds", noRefunds, [used], { reason: "policy", ticketIds: [used] }],
    ["a show that begins", late, [used, one], { reason: "time", ticketIds: [used, one] }],
    ["a used and a passed ticket", command, [used, passed], { reason: "used", ticketIds: [used] }],
    ["tickets that are all void", command, [gone], { reason: "void", ticketIds: [gone] }],
    [
      "a void ticket by its id",
      { ...command, ticketIds: [one.ticketId, two.ticketId] },
      [gone, two],
      { reason: "void", ticketIds: [gone] },
    ],
    ["a passed ticket", command, [one, passed], { reason: "transferred", ticketIds: [passed] }],
  ] as const)
    it(`refuses ${name}, and changes nothing`, () => {
      const state = sold();
      const { ticketIds, ...rest } = { ticketIds: null, ...expected };
      assert.deepEqual(
        decideRefund(state, asked, tickets, nowMs),
        ticketIds === null
          ? rest
          : {
              ...{ kind: "not-refundable", ...rest },
              ticketIds: ticketIds.map(({ ticketId }) => ticketId),
            },
      );
      assert.equal(hasChanged(state), false);
      assert.equal(state.changes.refunds.length, 0);
    });

  it("a key with a stored answer returns it before any check, and another request with it is refused", () => {
    const state = sold();
    const answer = { kind: "refunded", refund } as const;
    state.answers.set(answerKey(alice, "k"), { fingerprint: "f", answer });
    const voided = [{ ...one, status: "VOID" }] as const;
    const replayed = decideRefund(state, noRefunds, voided, nowMs);
    assert.deepEqual(replayed, { kind: "replayed", answer });
    const other = { ...command, intent: { key: "k", fingerprint: "other" } };
    assert.deepEqual(decideRefund(state, other, voided, nowMs), { kind: "key-reused" });
  });
});

describe("decideOperatorRefund", () => {
  const asked: OperatorRefund = {
    concertId: concert,
    named: { paymentIds: [one.paymentId] },
    actor: "kim",
    reason: "rain",
  };

  it("refunds in full to the payer, also a used ticket and one that was passed on, with one audit entry", () => {
    const state = sold();
    const tickets = [one, { ...two, status: "USED" }, { ...three, holderId: bob }] as const;
    const outcome = decideOperatorRefund(state, asked, tickets, nowMs);
    assert.ok(outcome.kind === "refunded-in-full");
    const [made] = outcome.refunds;
    assert.deepEqual(
      [outcome.tickets, outcome.amount, made?.amount, made?.fee, made?.userId, made?.balance],
      [3, 1998, 1998, 0, alice, 2048],
    );
    assert.deepEqual([made?.actor, made?.reason], ["kim", "rain"]);
    assert.deepEqual(state.changes.audits, [
      {
        actor: "kim",
        action: "tickets.refunded",
        concertId: concert,
        before: { payments: [one.paymentId], tickets: 3 },
        after: { status: "VOID", amount: 1998, reason: "rain" },
      },
    ]);
  });

  it("two payments of one user are two refunds, and the second has the balance after both", () => {
    const state = sold();
    const second = { ...two, paymentId: idOf<"payment">(71) };
    const named = { ticketIds: [one.ticketId, second.ticketId] };
    const outcome = decideOperatorRefund(state, { ...asked, named }, [one, second], nowMs);
    assert.ok(outcome.kind === "refunded-in-full");
    assert.deepEqual(
      outcome.refunds.map(({ paymentId, balance }) => [paymentId, balance]),
      [
        [one.paymentId, 383],
        [second.paymentId, 1049],
      ],
    );
  });

  it("leaves void tickets, and refuses when all are void", () => {
    const gone = { ...one, status: "VOID" } as const;
    const some = decideOperatorRefund(sold(), asked, [gone, two], nowMs);
    assert.ok(some.kind === "refunded-in-full" && some.tickets === 1);
    const none = decideOperatorRefund(sold(), asked, [gone], nowMs);
    const ticketIds = [one.ticketId];
    assert.deepEqual(none, { kind: "not-refundable", reason: "void", ticketIds });
  });

  it("an id that is none of the concert refunds nothing", () => {
    const state = sold();
    const elsewhere = { ...one, concertId: otherConcert };
    assert.deepEqual(decideOperatorRefund(state, asked, [], nowMs), { kind: "payment-not-found" });
    assert.deepEqual(decideOperatorRefund(state, asked, [elsewhere], nowMs), {
      kind: "payment-not-found",
    });
    const named = { ticketIds: [one.ticketId, two.ticketId] };
    assert.deepEqual(decideOperatorRefund(state, { ...asked, named }, [one], nowMs), {
      kind: "ticket-not-found",
    });
    assert.equal(hasChanged(state), false);
  });
});

describe("refundTickets", () => {
  const how = { feeOf: () => 0, nowMs, note: null };

  it("refuses a ticket whose seat is not sold to its reservation, and a payer without a wallet: bugs", () => {
    assert.throws(
      () => refundTickets(sold(), [{ ...one, reservationId: idOf(5) }], how),
      /sold seat/,
    );
    assert.throws(() => refundTickets(sold({}), [one], how), /without a wallet/);
    assert.deepEqual(refundTickets(sold(), [], how), []);
  });
});
