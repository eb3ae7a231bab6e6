import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { soldTicket } from "#test/support/batch.ts";
import { daysLeft, feeOf, feePercent, offerRefund, type RefundTerms } from "./refund-terms.ts";

const at = (text: string): number => Date.parse(text);
const hourMs = 3_600_000;

/** The rules that are usual in Korea. */
const policy = {
  until: 24,
  fees: [
    { daysBefore: 9, percent: 10 },
    { daysBefore: 6, percent: 20 },
    { daysBefore: 2, percent: 30 },
  ],
};
const terms: RefundTerms = {
  policy,
  date: "2026-12-24",
  startsAtMs: at("2026-12-24T20:00+09:00"),
  timeZone: "Asia/Seoul",
};

describe("the days left until a show", () => {
  for (const [now, timeZone, days] of [
    ["2026-12-14T00:00+09:00", "Asia/Seoul", 10],
    ["2026-12-14T23:59:59.999+09:00", "Asia/Seoul", 10],
    ["2026-12-15T00:00+09:00", "Asia/Seoul", 9],
    ["2026-12-24T19:00+09:00", "Asia/Seoul", 0],
    ["2026-12-25T00:00+09:00", "Asia/Seoul", -1],
    // The same moment is another day in another zone.
    ["2026-12-15T00:00+09:00", "America/New_York", 10],
    // Summer time begins between the two days, so that they are 23 hours apart.
    ["2026-03-07T12:00-05:00", "America/New_York", 292],
  ] as const)
    it(`at ${now} in ${timeZone}: ${days}`, () => {
      assert.equal(daysLeft({ ...terms, timeZone }, at(now)), days);
    });

  it("a zone that this runtime does not know is an error", () => {
    assert.throws(() => daysLeft({ ...terms, timeZone: "Nowhere" }, 0), /Nowhere is unknown/);
  });
});

describe("the fee of a refund", () => {
  it("is that of the smallest number of days that is at least the days left", () => {
    const days = [365, 10, 9, 7, 6, 3, 2, 1, 0, -1];
    const percents = [0, 0, 10, 10, 20, 20, 30, 30, 30, 30];
    assert.deepEqual(
      days.map((one) => feePercent(policy, one)),
      percents,
    );
    const turned = { ...policy, fees: policy.fees.toReversed() };
    assert.deepEqual(
      days.map((one) => feePercent(turned, one)),
      percents,
    );
    assert.equal(feePercent({ until: 0, fees: [] }, 0), 0);
  });

  it("is rounded down for each ticket", () => {
    assert.equal(feeOf(999, 10), 99);
    assert.equal(feeOf(5, 10), 0);
    assert.equal(feeOf(1_000_000_000, 100), 1_000_000_000);
    assert.equal(feeOf(77, 0), 0);
  });
});

describe("the offer of a refund", () => {
  const nowMs = at("2026-12-20T12:00+09:00");

  it("has the price and the fee of each ticket", () => {
    const one = soldTicket({ seatNumber: 1, price: 999 });
    const two = soldTicket({ seatNumber: 2, price: 5 });
    assert.deepEqual(offerRefund(terms, [one, two], nowMs), {
      refusal: null,
      untilMs: terms.startsAtMs - 24 * hourMs,
      tickets: [
        { ticketId: one.ticketId, amount: 999, fee: 199, refusal: null },
        { ticketId: two.ticketId, amount: 5, fee: 1, refusal: null },
      ],
    });
  });

  it("ends at the millisecond that the policy says", () => {
    const untilMs = terms.startsAtMs - 24 * hourMs;
    assert.equal(offerRefund(terms, [], untilMs - 1).refusal, null);
    assert.equal(offerRefund(terms, [], untilMs).refusal, "time");
  });

  it("refuses where the policy has no refunds, without a fee", () => {
    const offer = offerRefund({ ...terms, policy: null }, [soldTicket()], nowMs);
    assert.deepEqual([offer.refusal, offer.untilMs], ["policy", null]);
    assert.equal(offer.tickets[0]?.fee, 0);
  });

  for (const [part, refusal] of [
    [{ status: "VALID" }, null],
    [{ status: "USED" }, "used"],
    [{ status: "VOID" }, "void"],
    [{ status: "VALID", holderId: soldTicket().paymentId }, "transferred"],
    [{ status: "USED", holderId: soldTicket().paymentId }, "transferred"],
  ] as const)
    it(`a ticket that is ${part.status}${"holderId" in part ? " and another user's" : ""}: ${refusal ?? "refundable"}`, () => {
      const ticket = soldTicket(part as Parameters<typeof soldTicket>[0]);
      assert.equal(offerRefund(terms, [ticket], nowMs).tickets[0]?.refusal, refusal);
    });
});
