import assert from "node:assert/strict";
import { test } from "node:test";
import type { HeldTicket } from "../../sdk/index.ts";
import { checkTickets, countTickets } from "../../tools/simulate/ticket-checks.ts";
import { newTicketLife, unanswered, type TicketLife } from "../../tools/simulate/ticket-life.ts";

// Each check of a simulation's tickets, with a fault that it must find.

const ticket = (seatNumber: number, status: HeldTicket["status"]): HeldTicket => ({
  ...({} as HeldTicket),
  date: "2026-12-24",
  seatNumber,
  status,
});

const good: TicketLife = {
  ...newTicketLife(),
  held: [ticket(1, "VALID"), ticket(1, "VOID"), ticket(2, "USED")],
  payments: [{ paymentId: "p", amount: 300 }],
  refunds: [
    { paymentId: "p", amount: 100 },
    { paymentId: "p", amount: 200 },
  ],
  hops: [{ ticketId: "a", oldCode: "old", winners: 1 }],
  scans: [
    { ticketId: "a", result: "ADMITTED", isOld: false },
    { ticketId: "a", result: "ALREADY_USED", isOld: false },
    { ticketId: "a", result: "VOID", isOld: true },
  ],
};

test("control: answers in which all is well have no fault, and are counted", () => {
  assert.deepEqual(checkTickets(good), []);
  const counts = { refunded: 2, passedOn: 1, admitted: 1, oldCodesRefused: 1 };
  assert.deepEqual(countTickets(good), counts);
});

test("a scan without an answer may have admitted the ticket", () => {
  const scans = [{ ticketId: "a", result: unanswered, isOld: false }, ...good.scans.slice(1)];
  assert.deepEqual(checkTickets({ ...good, scans }), []);
});

const scans = good.scans;
const bad: readonly (readonly [string, RegExp, Partial<TicketLife>])[] = [
  [
    "two valid tickets of a seat",
    /2 valid tickets/,
    { held: [ticket(1, "VALID"), ticket(1, "USED")] },
  ],
  ["a ticket that two have claimed", /2 claimed it/, { hops: [{ ...good.hops[0]!, winners: 2 }] }],
  [
    "a ticket that neither could claim",
    /0 claimed it/,
    { hops: [{ ...good.hops[0]!, winners: 0 }] },
  ],
  [
    "a ticket that two doors have admitted",
    /admitted 2 times/,
    { scans: [...scans, { ticketId: "a", result: "ADMITTED", isOld: false }] },
  ],
  ["a valid ticket that no door has admitted", /admitted 0 times/, { scans: scans.slice(1) }],
  [
    "a door that takes the code of a former holder",
    /code of a former holder/,
    { scans: [...scans, { ticketId: "a", result: "ALREADY_USED", isOld: true }] },
  ],
  [
    "refunds beyond the payment",
    /301 refunded of 300/,
    { refunds: [...good.refunds, { paymentId: "p", amount: 1 }] },
  ],
];
for (const [title, fault, change] of bad)
  test(`control: ${title} is found`, () => {
    const found = checkTickets({ ...good, ...change });
    assert.ok(
      found.some((it) => fault.test(it)),
      found.join("; "),
    );
  });
