import assert from "node:assert/strict";
import { test } from "node:test";
import { faultsIn, type Dump, type ReservationRow } from "#test/support/invariants.ts";
import { times } from "#test/support/concurrency.ts";

// Goal: the sweep over the tables can fail. Method: a dump in which all is well, and for every
// invariant at least one change to it that must be found under the invariant's name.

const show = "concert 2026-12-24";
const bought: ReservationRow = {
  reservationId: "r1",
  userId: "u1",
  concertId: "concert",
  show,
  amount: 50,
  status: "CONFIRMED",
  lapsed: true,
  seats: [
    { seatNumber: 1, price: 10, live: true },
    { seatNumber: 2, price: 20, live: true },
    { seatNumber: 4, price: 20, live: false },
  ],
};
const held: ReservationRow = {
  ...bought,
  reservationId: "r2",
  userId: "u2",
  amount: 10,
  status: "HELD",
  lapsed: false,
  seats: [{ seatNumber: 3, price: 10, live: true }],
};
const entry = (
  entryNo: number,
  account: string,
  amount: number,
  balance: number | null,
  type = "CHARGE",
) => ({
  entryNo,
  transferId: type === "REFUND" || type === "FEE" ? "f1" : `t${Math.ceil(entryNo / 2)}`,
  account,
  type,
  userId: "u1",
  amount,
  balance,
});

const good: Dump = {
  seats: times(50, (index) => {
    const owner = index < 2 ? "r1" : index === 2 ? "r2" : null;
    const status = index < 2 ? "SOLD" : index === 2 ? "HELD" : "AVAILABLE";
    return { show, seatNumber: index + 1, status, reservationId: owner, fence: 0 };
  }),
  reservations: [bought, held],
  payments: [
    {
      paymentId: "p1",
      reservationId: "r1",
      userId: "u1",
      amount: 50,
      tickets: [
        { show, seatNumber: 1, status: "VALID", refundId: null },
        { show, seatNumber: 2, status: "VALID", refundId: null },
        { show, seatNumber: 4, status: "VOID", refundId: "f1" },
      ],
    },
  ],
  refunds: [
    {
      ...{ refundId: "f1", paymentId: "p1", userId: "u1" },
      ...{ amount: 20, fee: 2, payable: 0, prices: 20 },
    },
  ],
  products: [],
  orders: [],
  entries: [
    entry(1, "WALLET", 100, 100),
    entry(2, "CASH", -100, null),
    entry(3, "WALLET", -50, 50, "PAYMENT"),
    entry(4, "REVENUE", 50, null, "PAYMENT"),
    entry(5, "WALLET", 20, 70, "REFUND"),
    entry(6, "REVENUE", -20, null, "REFUND"),
    entry(7, "WALLET", -2, 68, "FEE"),
    entry(8, "REVENUE", 2, null, "FEE"),
  ],
  wallets: [{ userId: "u1", balance: 68 }],
  doors: [
    { ticketId: "k1", status: "USED", admitted: 1 },
    { ticketId: "k2", status: "VALID", admitted: 0 },
  ],
  chains: [
    {
      ticketId: "k1",
      buyer: "u1",
      holder: "u3",
      status: "USED",
      version: 3,
      hops: [
        { version: 1, from: "u1", to: "u2" },
        { version: 2, from: "u2", to: "u3" },
      ],
    },
  ],
};

const [chain] = good.chains as [Dump["chains"][number]];

const payment = good.payments[0] as Dump["payments"][number];
const seatsWith = (seatNumber: number, change: object): Dump["seats"] =>
  good.seats.map((it) => (it.seatNumber === seatNumber ? { ...it, ...change } : it));
const reservationsWith = (change: object, id = "r2"): Dump["reservations"] =>
  good.reservations.map((it) => (it.reservationId === id ? { ...it, ...change } : it));

test("control: a dump in which all is well has no fault", () => {
  assert.deepEqual(faultsIn(good), []);
});

const refund = good.refunds[0] as Dump["refunds"][number];

/** The dump with the third ticket of the payment changed: the one that is refunded. */
const withRefunded = (change: object): Partial<Dump> => ({
  payments: [
    {
      ...payment,
      tickets: payment.tickets.map((it) => (it.seatNumber === 4 ? { ...it, ...change } : it)),
    },
  ],
});

const bad: readonly (readonly [string, RegExp, Partial<Dump>])[] = [
  [
    "a seat with two tickets",
    /^I1 /,
    {
      payments: [
        {
          ...payment,
          tickets: [...payment.tickets, { show, seatNumber: 1, status: "USED", refundId: null }],
        },
      ],
    },
  ],
  [
    "a ticket that was admitted twice",
    /^I28 .* admitted 2/,
    { doors: [{ ticketId: "k1", status: "USED", admitted: 2 }] },
  ],
  [
    "an admitted ticket that is still VALID",
    /^I28 .* VALID, admitted 1/,
    { doors: [{ ticketId: "k1", status: "VALID", admitted: 1 }] },
  ],
  [
    "a USED ticket that no door has admitted",
    /^I28 .* USED, admitted 0/,
    { doors: [{ ticketId: "k1", status: "USED", admitted: 0 }] },
  ],
  [
    "a ticket of a user who has claimed nothing",
    /^I30 .* not its holder/,
    { chains: [{ ...chain, holder: "u2" }] },
  ],
  [
    "a ticket that two users have claimed from one",
    /^I30 .* claim 2 is of version 1 of u1/,
    {
      chains: [
        { ...chain, hops: [...chain.hops.slice(0, 1), { version: 1, from: "u1", to: "u3" }] },
      ],
    },
  ],
  [
    "a claimed ticket whose old code is still good",
    /^I30 .* version 2 after 2 claims/,
    { chains: [{ ...chain, version: 2 }] },
  ],
  [
    "a ticket for a seat that is not sold",
    /^I1 .* AVAILABLE, 1/,
    { seats: seatsWith(1, { status: "AVAILABLE", reservationId: null }) },
  ],
  [
    "a sold seat without a ticket",
    /^I1 .* SOLD, 0/,
    { seats: seatsWith(9, { status: "SOLD", reservationId: "r1" }) },
  ],
  [
    "a held reservation with a part of its seats",
    /^I8 /,
    { reservations: reservationsWith({ amount: 30, seats: bought.seats }) },
  ],
  [
    "a held reservation whose queue is not live",
    /^I8 .*not live/,
    { reservations: reservationsWith({ seats: [{ seatNumber: 3, price: 10, live: false }] }) },
  ],
  [
    "a cancelled reservation that still owns a seat",
    /^I8 .*owns 1/,
    { reservations: reservationsWith({ status: "CANCELLED" }) },
  ],
  [
    "an amount that is not the sum of its prices",
    /^I8 .*sum of its prices/,
    { reservations: reservationsWith({ amount: 11 }) },
  ],
  [
    "two reservations held at once",
    /^held /,
    { reservations: [...good.reservations, { ...held, reservationId: "r3" }] },
  ],
  ["a transfer with one side", /^I10 transfer/, { entries: good.entries.slice(0, 3) }],
  [
    "a wallet that is not the sum of its entries",
    /^I10 wallet/,
    { wallets: [{ userId: "u1", balance: 71 }] },
  ],
  [
    "a balance that was negative in between",
    /^I11 /,
    {
      entries: [
        entry(1, "WALLET", -30, -30, "PAYMENT"),
        entry(2, "REVENUE", 30, null, "PAYMENT"),
        entry(3, "WALLET", 100, 70),
        entry(4, "CASH", -100, null),
      ],
    },
  ],
  ["a confirmed reservation without a payment", /^I13 reservation r1/, { payments: [] }],
  [
    "a payment for a reservation that is not confirmed",
    /^I13 reservation r1/,
    { reservations: reservationsWith({ status: "CANCELLED" }, "r1") },
  ],
  [
    "a payment with a ticket too few",
    /^I13 .*something else/,
    { payments: [{ ...payment, tickets: payment.tickets.slice(1) }] },
  ],
  [
    "a debit without a payment",
    /^I13 user u1/,
    {
      entries: [
        ...good.entries,
        entry(9, "WALLET", -5, 63, "PAYMENT"),
        entry(10, "REVENUE", 5, null, "PAYMENT"),
      ],
    },
  ],
  ["a payment without a debit", /^I13 user u1/, { entries: good.entries.slice(0, 2) }],
  [
    "a refund of more than its tickets cost",
    /^I31 .* 20 for 10/,
    { refunds: [{ ...refund, prices: 10 }] },
  ],
  [
    "a refund that the ledger does not have",
    /^I31 .* booked  for/,
    { entries: good.entries.slice(0, 4) },
  ],
  [
    "a refund to the wallet that should be payable",
    /^I31 .* PAYABLE booked/,
    { refunds: [{ ...refund, payable: 18 }] },
  ],
  [
    "refunds beyond the payment",
    /^I31 .* exceed it/,
    { refunds: [refund, { ...refund, amount: 31, prices: 31 }] },
  ],
  ["a refund to another user", /^I31 .* another user/, { refunds: [{ ...refund, userId: "u2" }] }],
  [
    "a refund of no payment",
    /^I31 .* no payment p9/,
    { refunds: [refund, { ...refund, paymentId: "p9" }] },
  ],
  ["a void ticket without a refund", /^I31 .* VOID, refund null/, withRefunded({ refundId: null })],
  ["a valid ticket with a refund", /^I31 .* VALID, refund f1/, withRefunded({ status: "VALID" })],
  [
    "a void ticket whose reservation still has the seat",
    /^I31 .* with its seat/,
    {
      reservations: reservationsWith(
        { seats: bought.seats.map((it) => ({ ...it, live: true })) },
        "r1",
      ),
    },
  ],
  ["a show with a seat too few", /^I27 /, { seats: good.seats.slice(0, 49) }],
  ["an available seat with an owner", /^I27 /, { seats: seatsWith(9, { reservationId: "r2" }) }],
];

for (const [name, fault, change] of bad)
  test(`control: ${name} is found`, () => {
    const found = faultsIn({ ...good, ...change });
    assert.ok(
      found.some((it) => fault.test(it)),
      `${fault} not in: ${found.join("; ")}`,
    );
  });
