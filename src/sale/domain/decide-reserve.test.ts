import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  alice,
  bob,
  concert,
  date,
  idOf,
  nowMs,
  otherDate,
  placeOf,
  price,
  reserveWith,
  seatIn,
  seatWith,
  stateWith,
  type Given,
} from "#test/support/batch.ts";
import { buyerKey, gradeKey, hasChanged } from "./batch-state.ts";
import type { Reserve, ReserveOutcome } from "./commands.ts";
import { decideReserve } from "./decide-reserve.ts";
import { seatKey } from "./seat.ts";

const intent = { key: "k", fingerprint: "f" };
const held = { userId: alice, seatNumbers: [1], reservationId: idOf<"reservation">(501) };
const lapsed = { ...held, expiresAtMs: nowMs };
const lapse = { atMs: nowMs - 5, how: "lapsed" } as const;
const oneHold = { holdsPerUser: 1, holdCooldownSeconds: 0 };
const bought = { ...held, status: "CONFIRMED" } as const;

describe("decideReserve", () => {
  it("refusals come in this order and change nothing", () => {
    const table: [string, Given, Partial<Reserve>, ReserveOutcome][] = [
      [
        "an ended place",
        { seats: [1], buyers: [{ userId: alice, ended: placeOf(8) }] },
        {},
        { kind: "ended" },
      ],
      [
        "an older place than the one that ended",
        { seats: [1], buyers: [{ userId: alice, ended: placeOf(1, 2) }] },
        {},
        { kind: "ended" },
      ],
      ["a concert without a buyer row", { seats: [1], buyers: [] }, {}, { kind: "date-not-found" }],
      ["a show that is not there", { seats: [1] }, { date: otherDate }, { kind: "date-not-found" }],
      [
        "ended before no such show",
        { buyers: [{ userId: alice, ended: placeOf(8) }] },
        { date: otherDate },
        { kind: "ended" },
      ],
      [
        "no such show before a cancelled concert",
        { seats: [1], isCancelled: true },
        { date: otherDate },
        { kind: "date-not-found" },
      ],
      [
        "a cancelled concert before a second hold",
        { seats: [2], reservations: [held], isCancelled: true },
        { seatNumbers: [2] },
        { kind: "concert-cancelled" },
      ],
      [
        "a cancelled concert before taken seats",
        { sold: [1], isCancelled: true },
        {},
        { kind: "concert-cancelled" },
      ],
      [
        "a second hold",
        { seats: [2], reservations: [held] },
        { seatNumbers: [2] },
        { kind: "already-held", reservationId: idOf(501) },
      ],
      [
        "a second hold before the limits",
        { seats: [2, 3, 4, 5, 6], reservations: [held] },
        { seatNumbers: [2, 3, 4, 5, 6] },
        { kind: "already-held", reservationId: idOf(501) },
      ],
      [
        "more seats than a reservation may have",
        { seats: [1, 2, 3] },
        { seatNumbers: [1, 2, 3], maxSeatsPerReservation: 2 },
        { kind: "seat-limit-exceeded", limitOf: "reservation", seatsMax: 2, owned: 0 },
      ],
      [
        "more seats than a user may have",
        { seats: [2, 3], reservations: [bought] },
        { seatNumbers: [2, 3], maxSeatsPerUser: 2 },
        { kind: "seat-limit-exceeded", limitOf: "user", seatsMax: 2, owned: 1 },
      ],
      [
        "the limits before taken seats",
        { sold: [2, 3], reservations: [bought] },
        { seatNumbers: [2, 3], maxSeatsPerUser: 2 },
        { kind: "seat-limit-exceeded", limitOf: "user", seatsMax: 2, owned: 1 },
      ],
      [
        "the limits before too many unpaid holds",
        { seats: [1, 2], buyers: [{ userId: alice, unpaidHolds: [lapse] }] },
        { seatNumbers: [1, 2], maxSeatsPerUser: 1, holdPolicy: oneHold },
        { kind: "seat-limit-exceeded", limitOf: "user", seatsMax: 1, owned: 0 },
      ],
      [
        "too many unpaid holds before taken seats",
        { sold: [1], buyers: [{ userId: alice, unpaidHolds: [lapse] }] },
        { holdPolicy: oneHold },
        { kind: "hold-limit", retryAfterMs: 3_599_995 },
      ],
      [
        "a lapsed hold that is not swept counts from its end",
        { seats: [2], reservations: [{ ...lapsed, expiresAtMs: nowMs - 3 }] },
        { seatNumbers: [2], holdPolicy: { holdsPerUser: 0, holdCooldownSeconds: 60 } },
        { kind: "hold-limit", retryAfterMs: 59_997 },
      ],
      [
        "exactly the taken seats",
        { seats: [1], sold: [2], reservations: [{ ...held, userId: bob, seatNumbers: [3] }] },
        { seatNumbers: [1, 2, 3] },
        { kind: "seats-unavailable", seatNumbers: [2, 3] },
      ],
      [
        "taken seats before single ones",
        { seats: [1, 2, 4, 5, 6], sold: [3] },
        { seatNumbers: [2, 3], rows: [{ firstSeat: 1, lastSeat: 6 }] },
        { kind: "seats-unavailable", seatNumbers: [3] },
      ],
      [
        "single seats in each row of the choice",
        { seats: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] },
        {
          seatNumbers: [2, 7],
          rows: [
            { firstSeat: 1, lastSeat: 5 },
            { firstSeat: 6, lastSeat: 10 },
          ],
        },
        { kind: "single-seat-left", seatNumbers: [1, 6] },
      ],
    ];
    for (const [title, given, part, outcome] of table) {
      const state = stateWith(given);
      const command = reserveWith({ intent, ...part });
      assert.deepEqual(decideReserve(state, command, nowMs), outcome, title);
      assert.equal(hasChanged(state), false, title);
    }
  });

  it("a seat is single beside a hold, not beside a hold that has lapsed", () => {
    for (const [expiresAtMs, kind] of [
      [nowMs + 1, "single-seat-left"],
      [nowMs, "reserved"],
    ] as const) {
      const hold = { ...held, userId: bob, seatNumbers: [3], expiresAtMs };
      const state = stateWith({ seats: [1, 2, 4, 5, 6], reservations: [hold] });
      const rows = [{ firstSeat: 1, lastSeat: 6 }];
      const command = reserveWith({ seatNumbers: [1], rows });
      assert.equal(decideReserve(state, command, nowMs).kind, kind);
    }
  });

  it("a choice is judged on the seats that the earlier commands of the batch have left", () => {
    const rows = [{ firstSeat: 1, lastSeat: 10 }];
    const state = stateWith({ seats: [1, 2, 3, 4, 5, 7, 8, 9, 10], sold: [6] });
    const outcomes = [
      decideReserve(state, reserveWith({ seatNumbers: [1, 2], rows }), nowMs),
      decideReserve(state, reserveWith({ userId: bob, seatNumbers: [4, 5], rows }), nowMs),
    ];
    assert.equal(outcomes[0]?.kind, "reserved");
    assert.deepEqual(outcomes[1], { kind: "single-seat-left", seatNumbers: [3] });
  });

  it("seats on other dates count towards the user's limit", () => {
    const state = stateWith({ seats: [2], reservations: [{ ...bought, date: otherDate }] });
    const outcome = decideReserve(
      state,
      reserveWith({ seatNumbers: [2], maxSeatsPerUser: 1 }),
      nowMs,
    );
    assert.equal(outcome.kind, "seat-limit-exceeded");
  });

  it("a user may have seats up to the limit", () => {
    const state = stateWith({ seats: [2, 3], reservations: [bought] });
    const outcome = decideReserve(
      state,
      reserveWith({ seatNumbers: [2, 3], maxSeatsPerUser: 3 }),
      nowMs,
    );
    assert.equal(outcome.kind, "reserved");
  });

  it("all seats are held at the prices of their grades until now plus holdSeconds", () => {
    const state = stateWith({ seats: [1, 2] });
    state.seats.set(seatKey(concert, date, 2), seatWith({ seatNumber: 2, grade: "S", fence: 3 }));
    state.prices.set(gradeKey(concert, "S"), 5);
    const command = reserveWith({ seatNumbers: [1, 2], holdSeconds: 60, intent });
    const { reservationId } = command;
    const expiresAtMs = nowMs + 60_000;
    const reservation = {
      reservationId,
      userId: alice,
      concertId: concert,
      date,
      seatNumbers: [1, 2],
      prices: [price, 5],
      amount: price + 5,
      currency: "KRW",
      status: "HELD",
      refundedSeats: 0,
      heldAtMs: nowMs,
      expiresAtMs,
      place: placeOf(8),
    } as const;
    assert.deepEqual(decideReserve(state, command, nowMs), { kind: "reserved", reservation });
    const taken = { status: "HELD", reservationId, expiresAtMs } as const;
    assert.deepEqual(seatIn(state, 1), seatWith({ ...taken, fence: 1 }));
    assert.deepEqual(seatIn(state, 2), seatWith({ ...taken, seatNumber: 2, grade: "S", fence: 4 }));
    assert.deepEqual([...state.changes.newReservations], [reservationId]);
    assert.equal(state.changes.answers.size, 1);
    assert.deepEqual(state.changes.outbox, [
      {
        topic: "hold-carried",
        concertId: concert,
        userId: alice,
        content: { reservationId, expiresAtMs, epoch: 1, seq: 8 },
      },
    ]);
  });

  it("a seat of a lapsed hold can be reserved, and the other seats of that hold stay as they are", () => {
    const state = stateWith({ reservations: [{ ...lapsed, userId: bob, seatNumbers: [1, 2] }] });
    const outcome = decideReserve(state, reserveWith({ seatNumbers: [1] }), nowMs);
    assert.equal(outcome.kind, "reserved");
    assert.equal(seatIn(state, 1).fence, 2);
    assert.equal(seatIn(state, 2).reservationId, idOf(501));
    assert.deepEqual(state.changes.lostSeats, [{ reservationId: idOf(501), seatNumber: 1 }]);
    assert.equal(state.reservations.get(idOf(501))?.status, "HELD");
    assert.equal(state.changes.reservations.size, 0);
  });

  it("the user's own lapsed reservation becomes EXPIRED and its seats can be reserved again", () => {
    const state = stateWith({ reservations: [{ ...lapsed, seatNumbers: [1, 2] }] });
    const command = reserveWith({ seatNumbers: [2], maxSeatsPerUser: 1 });
    assert.equal(decideReserve(state, command, nowMs).kind, "reserved");
    assert.equal(state.reservations.get(idOf(501))?.status, "EXPIRED");
    assert.deepEqual(state.buyers.get(buyerKey(alice, concert))?.unpaidHolds, [
      { atMs: nowMs, how: "lapsed" },
    ]);
    assert.equal(seatIn(state, 1).status, "AVAILABLE");
    assert.equal(seatIn(state, 2).reservationId, command.reservationId);
    assert.equal(seatIn(state, 2).fence, 3);
    assert.deepEqual(
      state.changes.outbox.map((event) => event.topic),
      ["hold-cleared", "hold-carried"],
    );
  });

  it("a refusal leaves the user's own lapsed reservation as it is", () => {
    const state = stateWith({ sold: [2], reservations: [lapsed] });
    assert.equal(
      decideReserve(state, reserveWith({ seatNumbers: [2] }), nowMs).kind,
      "seats-unavailable",
    );
    assert.equal(hasChanged(state), false);
  });

  it("a command is decided on the state as the earlier commands of its batch left it", () => {
    const state = stateWith({ seats: [1, 2] });
    const kinds = [
      decideReserve(state, reserveWith({ seatNumbers: [1], intent }), nowMs),
      decideReserve(state, reserveWith({ userId: bob, seatNumbers: [1, 2] }), nowMs),
      decideReserve(state, reserveWith({ seatNumbers: [2] }), nowMs),
      decideReserve(state, reserveWith({ seatNumbers: [1], intent }), nowMs),
      decideReserve(state, reserveWith({ intent: { ...intent, fingerprint: "g" } }), nowMs),
      decideReserve(state, reserveWith({ userId: bob, seatNumbers: [2] }), nowMs),
    ].map((outcome) => outcome.kind);
    assert.deepEqual(kinds, [
      "reserved",
      "seats-unavailable",
      "already-held",
      "replayed",
      "key-reused",
      "reserved",
    ]);
    assert.equal(state.changes.newReservations.size, 2);
  });
});
