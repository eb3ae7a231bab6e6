import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  alice,
  bob,
  concert,
  idOf,
  nowMs,
  otherConcert,
  placeOf,
  reservationWith,
  seatIn,
  seatWith,
  stateWith,
} from "#test/support/batch.ts";
import { buyerKey, hasChanged, replaceSeat } from "./batch-state.ts";
import type { Cancel, CancelOutcome, Lapse, Leave } from "./commands.ts";
import { decideCancel, decideLapse, decideLeave, expireReservation } from "./decide-ending.ts";
import type { Reservation } from "./reservation.ts";
import { holdSeat } from "./seat.ts";

const cancel: Cancel = {
  kind: "cancel",
  userId: alice,
  reservationId: idOf(501),
  tokenConcertId: null,
};
const leave: Leave = { kind: "leave", userId: alice, concertId: concert, place: placeOf(7) };
const lapse: Lapse = { kind: "lapse", userId: alice, reservationId: idOf(501) };
const endedMark = (state: ReturnType<typeof stateWith>) =>
  state.buyers.get(buyerKey(alice, concert))?.ended;

describe("decideCancel", () => {
  it("outcomes come in this order, and only a cancellation that frees seats changes the state", () => {
    const again: CancelOutcome = { kind: "cancelled", freed: null };
    const table: [string, Partial<Reservation> | null, Partial<Cancel>, CancelOutcome][] = [
      ["none", null, {}, { kind: "not-found" }],
      ["another user's", {}, { userId: bob }, { kind: "not-found" }],
      [
        "another user's of another concert",
        {},
        { userId: bob, tokenConcertId: otherConcert },
        { kind: "not-found" },
      ],
      [
        "one's own of another concert",
        {},
        { tokenConcertId: otherConcert },
        { kind: "token-mismatch" },
      ],
      [
        "another concert before paid",
        { status: "CONFIRMED" },
        { tokenConcertId: otherConcert },
        { kind: "token-mismatch" },
      ],
      [
        "a paid one",
        { status: "CONFIRMED" },
        { tokenConcertId: concert },
        { kind: "not-cancellable" },
      ],
      ["a cancelled one", { status: "CANCELLED" }, {}, again],
      ["an expired one", { status: "EXPIRED" }, {}, again],
      ["a lapsed one", { expiresAtMs: nowMs }, {}, again],
    ];
    for (const [title, given, part, outcome] of table) {
      const state = stateWith({ reservations: given ? [given] : [] });
      assert.deepEqual(decideCancel(state, { ...cancel, ...part }, nowMs), outcome, title);
      assert.equal(hasChanged(state), false, title);
    }
  });

  it("a cancellation frees the seats and adds an outbox event", () => {
    const state = stateWith({ reservations: [{ seatNumbers: [1, 2] }] });
    const freed = reservationWith({ seatNumbers: [1, 2], status: "CANCELLED" });
    assert.deepEqual(decideCancel(state, cancel, nowMs), { kind: "cancelled", freed });
    assert.deepEqual(seatIn(state, 1), seatWith({ fence: 2 }));
    assert.deepEqual(seatIn(state, 2), seatWith({ seatNumber: 2, fence: 2 }));
    assert.equal(state.changes.lostSeats.length, 2);
    assert.deepEqual(state.changes.outbox, [
      {
        topic: "hold-cleared",
        concertId: concert,
        userId: alice,
        content: { reservationId: idOf(501) },
      },
    ]);
    assert.deepEqual(decideCancel(state, cancel, nowMs), { kind: "cancelled", freed: null });
  });

  it("a hold that its user ends counts against the user, and one that an operator releases does not", () => {
    const endsOf = (state: ReturnType<typeof stateWith>) =>
      state.buyers.get(buyerKey(alice, concert))?.unpaidHolds;
    const own = stateWith({ reservations: [{}] });
    decideCancel(own, cancel, nowMs);
    assert.deepEqual(endsOf(own), [{ how: "cancelled", atMs: nowMs }]);
    assert.equal(own.changes.unpaidHolds.size, 1);
    const left = stateWith({ reservations: [{}] });
    decideLeave(left, leave, nowMs);
    assert.deepEqual(endsOf(left), [{ how: "cancelled", atMs: nowMs }]);
    const lapsed = stateWith({ reservations: [{ expiresAtMs: nowMs - 7 }] });
    decideLapse(lapsed, lapse, nowMs);
    assert.deepEqual(endsOf(lapsed), [{ how: "lapsed", atMs: nowMs - 7 }]);
    const released = stateWith({ reservations: [{}] });
    const onBehalf = { actor: "operator:1", reason: "by phone" };
    decideCancel(released, { ...cancel, onBehalf }, nowMs);
    assert.deepEqual(endsOf(released), []);
  });

  it("an operator's release is audited once, with the operator and the reason", () => {
    const onBehalf = { actor: "operator:1", reason: "by phone" };
    const state = stateWith({ reservations: [{ seatNumbers: [1, 2] }] });
    assert.equal(decideCancel(state, { ...cancel, onBehalf }, nowMs).kind, "cancelled");
    decideCancel(state, { ...cancel, onBehalf }, nowMs);
    const { reservationId, date } = reservationWith({});
    assert.deepEqual(state.changes.audits, [
      {
        actor: "operator:1",
        action: "reservation.released",
        concertId: concert,
        before: { reservationId, userId: alice, date, seatNumbers: [1, 2], status: "HELD" },
        after: { status: "CANCELLED", reason: "by phone" },
      },
    ]);
    const own = stateWith({ reservations: [{}] });
    decideCancel(own, cancel, nowMs);
    assert.deepEqual(own.changes.audits, []);
  });

  it("a seat that belongs to another reservation by now stays as it is", () => {
    const state = stateWith({ reservations: [{ seatNumbers: [1, 2] }] });
    const taken = holdSeat(seatIn(state, 1), idOf(502), nowMs + 9);
    replaceSeat(state, taken);
    assert.equal(decideCancel(state, cancel, nowMs).kind, "cancelled");
    assert.deepEqual(seatIn(state, 1), taken);
    assert.equal(seatIn(state, 2).status, "AVAILABLE");
  });
});

describe("decideLeave", () => {
  it("leaving ends the place and cancels reservations under it or an older place, not under a newer one", () => {
    const table: [title: string, heldUnder: number, leaves: number, then: string, mark: number][] =
      [
        ["held under it", 7, 7, "CANCELLED", 7],
        ["held under an older one", 6, 7, "CANCELLED", 7],
        ["held under a newer one", 8, 7, "HELD", 7],
      ];
    for (const [title, heldUnder, leaves, then, mark] of table) {
      const state = stateWith({ reservations: [{ place: placeOf(heldUnder) }] });
      const outcome = decideLeave(state, { ...leave, place: placeOf(leaves) }, nowMs);
      assert.deepEqual(outcome, { kind: "left" }, title);
      assert.equal(state.reservations.get(idOf(501))?.status, then, title);
      assert.equal(seatIn(state, 1).status, then === "HELD" ? "HELD" : "AVAILABLE", title);
      assert.deepEqual(endedMark(state), placeOf(mark), title);
    }
  });

  it("the queue gets hold-cleared, then place-ended, once", () => {
    const state = stateWith({ reservations: [{}] });
    decideLeave(state, leave, nowMs);
    decideLeave(state, leave, nowMs);
    assert.deepEqual(
      state.changes.outbox.map((event) => [event.topic, event.content]),
      [
        ["hold-cleared", { reservationId: idOf(501) }],
        ["place-ended", { epoch: 1, seq: 7, reason: "LEFT" }],
      ],
    );
  });

  it("leaving an older place does not lower the mark of a newer one", () => {
    const state = stateWith({ buyers: [{ userId: alice, ended: placeOf(9) }] });
    assert.deepEqual(decideLeave(state, leave, nowMs), { kind: "left" });
    assert.deepEqual(endedMark(state), placeOf(9));
    assert.equal(hasChanged(state), false);
  });

  it("paid, cancelled and lapsed reservations stay as they are", () => {
    for (const part of [
      { status: "CONFIRMED" },
      { status: "CANCELLED" },
      { expiresAtMs: nowMs },
    ] as const) {
      const state = stateWith({ reservations: [part] });
      decideLeave(state, leave, nowMs);
      assert.equal(state.changes.reservations.size, 0);
    }
  });

  it("leaving a concert that does not exist changes nothing", () => {
    const state = stateWith({ buyers: [] });
    assert.deepEqual(decideLeave(state, leave, nowMs), { kind: "left" });
    assert.equal(hasChanged(state), false);
  });
});

describe("decideLapse", () => {
  it("only a HELD reservation whose hold has lapsed becomes EXPIRED", () => {
    const table: [string, Partial<Reservation> | null, string][] = [
      ["none", null, "not-lapsed"],
      ["a live hold", { expiresAtMs: nowMs + 1 }, "not-lapsed"],
      ["a paid one", { status: "CONFIRMED", expiresAtMs: nowMs }, "not-lapsed"],
      ["an expired one", { status: "EXPIRED", expiresAtMs: nowMs }, "not-lapsed"],
      ["a lapsed hold", { expiresAtMs: nowMs }, "lapsed"],
    ];
    for (const [title, given, kind] of table) {
      const state = stateWith({ reservations: given ? [given] : [] });
      assert.deepEqual(decideLapse(state, lapse, nowMs), { kind }, title);
      assert.equal(hasChanged(state), kind === "lapsed", title);
    }
  });

  it("the seats of an expired reservation become AVAILABLE unless another one has taken them", () => {
    const state = stateWith({ reservations: [{ seatNumbers: [1, 2], expiresAtMs: nowMs }] });
    replaceSeat(state, holdSeat(seatIn(state, 2), idOf(502), nowMs + 9));
    const reservation = state.reservations.get(idOf(501)) ?? assert.fail();
    expireReservation(state, reservation);
    assert.equal(state.reservations.get(idOf(501))?.status, "EXPIRED");
    assert.equal(seatIn(state, 1).status, "AVAILABLE");
    assert.equal(seatIn(state, 2).reservationId, idOf(502));
    assert.equal(state.changes.outbox[0]?.topic, "hold-cleared");
  });
});
