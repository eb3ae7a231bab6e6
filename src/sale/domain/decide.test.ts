import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  alice,
  chargeWith,
  concert,
  idOf,
  nowMs,
  payWith,
  placeOf,
  reservationWith,
  reserveWith,
  stateWith,
} from "#test/support/batch.ts";
import { hasChanged } from "./batch-state.ts";
import type { Command, Outcome } from "./commands.ts";
import { decide, ownId } from "./decide.ts";

const reserve = reserveWith();
const table: [Command, own: string | null, outcome: string][] = [
  [reserve, reserve.reservationId, "reserved"],
  [payWith(), idOf(700), "not-found"],
  [chargeWith(), idOf(800), "charged"],
  [
    { kind: "cancel", userId: alice, reservationId: idOf(1), tokenConcertId: null },
    null,
    "not-found",
  ],
  [{ kind: "leave", userId: alice, concertId: concert, place: placeOf(1) }, null, "left"],
  [{ kind: "lapse", userId: alice, reservationId: idOf(1) }, null, "not-lapsed"],
];

describe("decide", () => {
  it("each kind of command has its own rule and its own id", () => {
    for (const [command, own, outcome] of table) {
      assert.equal(decide(stateWith({ seats: [1] }), command, nowMs)?.kind, outcome);
      assert.equal(ownId(command), own);
    }
  });

  it("a command that an earlier try has committed is not decided again", () => {
    const state = stateWith({ seats: [1] });
    const done: Outcome = { kind: "reserved", reservation: reservationWith({}) };
    state.applied.set(reserve.reservationId, done);
    assert.equal(decide(state, reserve, nowMs), done);
    assert.equal(hasChanged(state), false);
  });
});
