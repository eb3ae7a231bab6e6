import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Reservation, SeatMap, SeatingPlan } from "../../sdk/index.ts";
import { makeFans, type Crowd, type Fan } from "../../tools/simulate/crowd.ts";
import { checkCounts, checkSeats } from "../../tools/simulate/seat-checks.ts";
import { newTicketLife } from "../../tools/simulate/ticket-life.ts";
import { miscounted, seatsAfter } from "../../tools/simulate/seats-seen.ts";
import { chooseWish, type Wish } from "../../tools/simulate/wishes.ts";
import { times } from "#test/support/concurrency.ts";

// Each check of a simulation's seats, with a fault that it must find.

const row = { curve: 0, x: 0, y: 0, step: 1, places: null };
const section = { x: 0, y: 0, angle: 0 };
/** Row A of section Stalls is 1 to 4 in two parts, row B 5 to 8; Pit has the standing places 9 to 12. */
const hall: SeatingPlan = {
  ...{ planId: "one", seatsTotal: 12, focus: { x: 0, y: 0 } },
  grades: [
    { name: "R", price: 500 },
    { name: "ST", price: 200 },
  ],
  sections: [
    {
      ...{ ...section, name: "Stalls", kind: "SEATED", grade: "R", firstSeat: 1, lastSeat: 8 },
      rows: [
        { ...row, name: "A", grade: "R", firstSeat: 1, lastSeat: 2, firstName: 1 },
        { ...row, name: "A", grade: "R", firstSeat: 3, lastSeat: 4, firstName: 3 },
        { ...row, name: "B", grade: "R", firstSeat: 5, lastSeat: 8, firstName: 4, step: -1 },
      ],
    },
    {
      ...{ ...section, name: "Pit", kind: "STANDING", grade: "ST", firstSeat: 9, lastSeat: 12 },
      rows: [],
    },
  ],
};

const labelOf = (seatNumber: number) => {
  if (seatNumber > 8) return { section: "Pit", row: null, name: null, grade: "ST", price: 200 };
  const isFront = seatNumber <= 4;
  const name = String(isFront ? seatNumber : 9 - seatNumber);
  return { section: "Stalls", row: isFront ? "A" : "B", name, grade: "R", price: 500 };
};

const held = (
  seatNumbers: readonly number[],
  together: boolean,
  change: Partial<ReturnType<typeof labelOf>> = {},
) =>
  ({
    reservationId: "r",
    seatNumbers,
    together,
    seats: seatNumbers.map((seatNumber) => ({ seatNumber, ...labelOf(seatNumber), ...change })),
  }) as unknown as Reservation;

const crowdWith = (fans: readonly Partial<Fan>[]): Crowd => ({
  ...({} as Pick<Crowd, "client" | "signal">),
  ...{ concertId: "one", hall, seatsMax: 4, queue: null, requests: 0 },
  fans: makeFans(fans.length).map((fan, n) => ({ ...fan, ...fans[n] })),
  refusals: new Map(),
  mapFaults: new Set(),
  life: newTicketLife(),
});

const faultsOf = (wish: Wish, reservation: Reservation): readonly string[] =>
  checkSeats(crowdWith([{ holds: [{ wish, reservation }] }])).faults;

const together = true;
const good: readonly [string, Wish, Reservation][] = [
  ["two side by side in a row of two parts", { best: { count: 2, together } }, held([2, 3], true)],
  ["two in two rows", { best: { count: 2 } }, held([4, 5], false)],
  ["places of a standing section", { best: { count: 2, together } }, held([9, 11], true)],
  ["seats by number", { seatNumbers: [6, 7] }, held([6, 7], true)],
];
const bad: readonly [string, RegExp, Wish, Reservation][] = [
  [
    "seats that should be side by side",
    /not side by side/,
    { best: { count: 2, together } },
    held([4, 5], false),
  ],
  [
    "seats that are called together",
    /together is true/,
    { best: { count: 2 } },
    held([1, 3], true),
  ],
  ["a seat and a place", /together is true/, { best: { count: 2 } }, held([8, 9], true)],
  ["too few seats", /not 2 seats/, { best: { count: 2 } }, held([1], true)],
  ["other seats than those named", /not seats 1,2/, { seatNumbers: [1, 2] }, held([2, 3], true)],
  ["another grade", /not of grade R/, { best: { count: 1, grade: "R" } }, held([9], true)],
  [
    "another section",
    /not in section Pit/,
    { best: { count: 1, section: "Pit" } },
    held([1], true),
  ],
  [
    "a wrong name",
    /seat 5 is not as in the plan/,
    { best: { count: 1 } },
    held([5], true, { name: "1" }),
  ],
];

const date = "2030-01-01";
const ticketOf = (seatNumber: number) => ({
  ...{ ticketId: "t", concertId: "one", date, seatNumber },
  ...{ section: null, row: null, name: null, grade: "R" },
});

describe("the check of a simulation's holds", () => {
  for (const [title, wish, reservation] of good)
    it(`finds no fault in ${title}`, () => assert.deepEqual(faultsOf(wish, reservation), []));
  for (const [title, fault, wish, reservation] of bad)
    it(`finds ${title}`, () => {
      const found = faultsOf(wish, reservation);
      assert.equal(found.length, 1, found.join("; "));
      assert.match(found[0] ?? "", fault);
    });
  it("finds a seat for which two fans have tickets", () => {
    const tickets = [ticketOf(3)];
    assert.deepEqual(checkSeats(crowdWith([{ tickets }, { tickets }])).faults, [
      "seat 2030-01-01 3: 2 tickets",
    ]);
  });
});

const storedWith = (sold: readonly number[], seats = 12) =>
  times(seats, (n) => ({
    ...{ date, seatNumber: n + 1 },
    status: sold.includes(n + 1) ? "SOLD" : "AVAILABLE",
  }));
const figure = (grade: string, seatsSold: number) => ({ date, grade, seatsSold });
const oneTicket = [{ tickets: [ticketOf(10)] }];

describe("the check of a simulation's counts", () => {
  it("finds no fault where database, tickets and figures agree", () => {
    const sales = [figure("R", 1), figure("ST", 1)];
    assert.deepEqual(checkCounts(crowdWith(oneTicket), storedWith([1, 10]), sales), []);
  });
  it("finds a standing place that is not sold, a figure of a grade, and a date with a seat too few", () => {
    const found = checkCounts(crowdWith(oneTicket), storedWith([1], 11), [figure("R", 2)]);
    assert.deepEqual(found, [
      `${date}: 11 of 12 seats`,
      `${date} Pit: 1 tickets for 0 sold seats`,
      `${date} R: 1 sold, the figure is 2`,
    ]);
  });
});

const whole: SeatMap = {
  ...{ date, version: "1", seatsAvailable: 5, statuses: "SSSSSSAAAASA" },
  sections: [
    { name: "Stalls", available: 2 },
    { name: "Pit", available: 3 },
  ],
};

describe("the map that a simulated fan sees", () => {
  const changed: SeatMap = {
    ...{ date, version: "2", seatsAvailable: 4, changes: [[12, "H"]] },
    sections: [{ name: "Pit", available: 2 }],
  };
  const { sections: _sections, ...unchanged } = changed;

  it("takes in changes, and finds a count that is not that of its letters", () => {
    const before = seatsAfter(null, whole);
    assert.deepEqual(miscounted(hall, before), []);
    assert.deepEqual(miscounted(hall, seatsAfter(before, changed)), []);
    const wrong = seatsAfter(before, { ...unchanged, sections: [] });
    assert.deepEqual(miscounted(hall, wrong), ["map: section Pit has 2 letters A, its count is 3"]);
  });

  it("leads to wishes for free seats only, and standing places are never asked by number", () => {
    const seen = seatsAfter(null, whole);
    const wishes = times(500, () => chooseWish(hall, seen, 4));
    const byNumber = wishes.flatMap((wish) =>
      wish !== null && "seatNumbers" in wish ? [wish.seatNumbers.join()] : [],
    );
    assert.deepEqual([...new Set(byNumber)], ["7,8"]);
    assert.ok(wishes.some((wish) => wish !== null && "best" in wish && wish.best.together));
    const none = {
      ...seen,
      available: new Map([
        ["Stalls", 0],
        ["Pit", 0],
      ]),
    };
    assert.equal(chooseWish(hall, none, 1), null);
  });
});
