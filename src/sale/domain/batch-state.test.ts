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
  stateWith,
} from "#test/support/batch.ts";
import {
  addReservation,
  answerKey,
  buyerKey,
  emptyState,
  endPlace,
  hasChanged,
  putReservation,
  replaceReservation,
  replaceSeat,
  reservationsOf,
  seatsOwnedBy,
} from "./batch-state.ts";
import { freeSeat, holdSeat } from "./seat.ts";

describe("BatchState", () => {
  it("a loaded state has nothing to write", () => {
    const state = emptyState(() => idOf(1));
    assert.equal(hasChanged(state), false);
    putReservation(state, reservationWith({}));
    assert.equal(hasChanged(state), false);
    replaceReservation(state, reservationWith({ status: "EXPIRED" }));
    assert.equal(hasChanged(state), true);
  });

  it("reservations are found by user and concert", () => {
    const state = stateWith();
    const own = reservationWith({});
    putReservation(state, own);
    putReservation(state, reservationWith({ reservationId: idOf(2), concertId: otherConcert }));
    putReservation(state, reservationWith({ reservationId: idOf(3), userId: bob }));
    assert.deepEqual(reservationsOf(state, alice, concert), [own]);
    assert.deepEqual(reservationsOf(state, idOf(77), concert), []);
    assert.notEqual(buyerKey(alice, concert), buyerKey(bob, concert));
    assert.notEqual(answerKey(alice, "k"), answerKey(bob, "k"));
  });

  it("a new reservation is inserted once, with its last status", () => {
    const state = stateWith();
    addReservation(state, reservationWith({}));
    replaceReservation(state, reservationWith({ status: "CANCELLED" }));
    assert.deepEqual([...state.changes.newReservations], [idOf(501)]);
    assert.equal(state.changes.reservations.size, 0);
    assert.deepEqual(reservationsOf(state, alice, concert), [
      reservationWith({ status: "CANCELLED" }),
    ]);
  });

  it("each reservation that loses a seat is recorded", () => {
    const state = stateWith({ reservations: [{ seatNumbers: [1, 2] }] });
    replaceSeat(state, holdSeat(seatIn(state, 1), idOf(502), nowMs));
    replaceSeat(state, freeSeat(seatIn(state, 1)));
    replaceSeat(state, freeSeat(seatIn(state, 2)));
    assert.deepEqual(state.changes.lostSeats, [
      { reservationId: idOf(501), seatNumber: 1 },
      { reservationId: idOf(502), seatNumber: 1 },
      { reservationId: idOf(501), seatNumber: 2 },
    ]);
    assert.equal(state.changes.seats.size, 2);
  });

  it("a reservation owns only the seats that name it", () => {
    const state = stateWith({ reservations: [{ seatNumbers: [1, 2] }] });
    const own = reservationWith({ seatNumbers: [1, 2, 3] });
    replaceSeat(state, holdSeat(seatIn(state, 1), idOf(502), nowMs));
    assert.deepEqual(seatsOwnedBy(state, own), [seatIn(state, 2)]);
  });

  it("the mark of ended places rises, never falls, and keeps its first reason", () => {
    const state = stateWith({ buyers: [{ userId: alice, ended: placeOf(5, 2) }] });
    const buyer = () => state.buyers.get(buyerKey(alice, concert)) ?? assert.fail();
    const table: [seq: number, epoch: number, raised: boolean][] = [
      [9, 1, false],
      [4, 2, false],
      [5, 2, false],
      [6, 2, true],
      [6, 2, false],
      [1, 3, true],
    ];
    for (const [seq, epoch, raised] of table) {
      assert.equal(endPlace(state, buyer(), placeOf(seq, epoch), "LEFT"), raised);
    }
    assert.deepEqual(buyer().ended, placeOf(1, 3));
    assert.equal(buyer().raisedBy, "LEFT");
    assert.ok(hasChanged(state));
  });
});
