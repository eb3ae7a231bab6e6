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
  amount: 30,
  status: "CONFIRMED",
  lapsed: true,
  seats: [
    { seatNumber: 1, price: 10, live: true },
    { seatNumber: 2, price: 20, live: true },
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
  transferId: `t${Math.ceil(entryNo / 2)}`,
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
      amount: 30,
      tickets: [
        { show, seatNumber: 1 },
        { show, seatNumber: 2 },
      ],
    },
  ],
  entries: [
    entry(1, "WALLET", 100, 100),
    entry(2, "CASH", -100, null),
    entry(3, "WALLET", -30, 70, "PAYMENT"),
    entry(4, "REVENUE", 30, null, "PAYMENT"),
  ],
  wallets: [{ userId: "u1", balance: 70 }],
};

const payment = good.payments[0] as Dump["payments"][number];
const seatsWith = (seatNumber: number, change: object): Dump["seats"] =>
  good.seats.map((it) => (it.seatNumber === seatNumber ? { ...it, ...change } : it));
const reservationsWith = (change: object, id = "r2"): Dump["reservations"] =>
  good.reservations.map((it) => (it.reservationId === id ? { ...it, ...change } : it));

test("control: a dump in which all is well has no fault", () => {
  assert.deepEqual(faultsIn(good), []);
});

const bad: readonly (readonly [string, RegExp, Partial<Dump>])[] = [
  [
    "a seat with two tickets",
    /^I1 /,
    { payments: [{ ...payment, tickets: [...payment.tickets, { show, seatNumber: 1 }] }] },
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
        entry(5, "WALLET", -5, 65, "PAYMENT"),
        entry(6, "REVENUE", 5, null, "PAYMENT"),
      ],
    },
  ],
  ["a payment without a debit", /^I13 user u1/, { entries: good.entries.slice(0, 2) }],
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
