import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Unavailable } from "#kernel/unavailable.ts";
import {
  alice,
  bob,
  chargeWith,
  concert,
  idOf,
  otherDate,
  payWith,
  placeOf,
  reserveWith,
  stateWith,
  type Given,
} from "#test/support/batch.ts";
import type { Command } from "../../domain/commands.ts";
import { plainArray } from "./arrays.ts";
import { hasSqlState, lockNotAvailable, serializationFailure } from "./sql-states.ts";
import { isMissed, lockSetOf } from "./lock-set.ts";

const cancel = (userId = alice): Command => ({
  kind: "cancel",
  userId,
  reservationId: idOf(501),
  tokenConcertId: null,
});
const leave: Command = { kind: "leave", userId: alice, concertId: concert, place: placeOf(1) };
const lapse: Command = { kind: "lapse", userId: alice, reservationId: idOf(501) };
const rich = { [alice]: 1 };

describe("the lock set of a batch", () => {
  it("each row is named once, however many commands name it", () => {
    const intent = { key: "k", fingerprint: "f" };
    const lockSet = lockSetOf([
      reserveWith({ seatNumbers: [1, 2], intent }),
      reserveWith({ seatNumbers: [2, 3], intent: { ...intent, fingerprint: "g" } }),
      reserveWith({ userId: bob, date: otherDate, seatNumbers: [2], intent }),
      leave,
      payWith(),
      cancel(),
      lapse,
      chargeWith({ intent: { key: "other", fingerprint: "f" } }),
    ]);
    assert.equal(lockSet.buyers.size, 2);
    assert.equal(lockSet.seats.size, 4);
    assert.equal(lockSet.reservations.size, 1);
    assert.deepEqual([...lockSet.toPay], [idOf(501)]);
    assert.deepEqual([...lockSet.wallets], [alice]);
    assert.equal(lockSet.keys.size, 3);
    const locks = new Set([...lockSet.keys.values()].map((key) => key.lock));
    assert.equal(locks.size, 3);
    for (const lock of locks) assert.equal(BigInt.asIntN(64, BigInt(lock)), BigInt(lock));
  });

  it("with a row in which no single seat may be left, all seats of that row are locked", () => {
    const command = reserveWith({ seatNumbers: [4], rows: [{ firstSeat: 3, lastSeat: 6 }] });
    const locked = [...lockSetOf([command]).seats.values()].map(({ seatNumber }) => seatNumber);
    assert.deepEqual(
      locked.toSorted((a, b) => a - b),
      [3, 4, 5, 6],
    );
    assert.equal(isMissed(stateWith({ seats: [3, 4, 5, 6] }), command), false);
    assert.equal(isMissed(stateWith({ seats: [4, 5, 6] }), command), true);
  });

  it("a command is missed when a row that it needs was not locked", () => {
    const held = { reservations: [{ seatNumbers: [1] }] };
    const table: [string, Given, Command, boolean][] = [
      ["reserve: all there", { seats: [1] }, reserveWith(), false],
      ["reserve: no buyer", { seats: [1], buyers: [] }, reserveWith(), true],
      ["reserve: no seat", { seats: [2] }, reserveWith(), true],
      [
        "reserve: own hold's seats too",
        { ...held, seats: [2] },
        reserveWith({ seatNumbers: [2] }),
        false,
      ],
      ["charge: wallet", { wallets: rich }, chargeWith(), false],
      ["charge: no wallet", {}, chargeWith(), true],
      ["pay: all there", { ...held, wallets: rich }, payWith(), false],
      ["pay: no wallet", held, payWith(), true],
      ["pay: no buyer", { ...held, wallets: rich, buyers: [] }, payWith(), true],
      ["pay: none, or another user's", { wallets: rich }, payWith(), false],
      ["cancel: all there", held, cancel(), false],
      ["cancel: no buyer", { ...held, buyers: [] }, cancel(), true],
      ["cancel: another user's", held, cancel(bob), false],
      ["lapse: no buyer", { ...held, buyers: [] }, lapse, true],
      ["leave: all there", held, leave, false],
      ["leave: no buyer", { buyers: [] }, leave, true],
    ];
    for (const [title, given, command, missed] of table) {
      assert.equal(isMissed(stateWith(given), command), missed, title);
    }
  });

  it("a command is missed when a seat of a HELD reservation that it ends was not locked", () => {
    for (const [status, missed] of [
      ["HELD", true],
      ["CONFIRMED", false],
    ] as const) {
      const given = { seats: [2], reservations: [{ status, seatNumbers: [1] }], wallets: rich };
      const reserve = reserveWith({ seatNumbers: [2] });
      const commands: Command[] = [payWith(), cancel(), lapse, leave, reserve];
      for (const command of commands) {
        const state = stateWith(given);
        state.seats.delete([...state.seats.keys()].find((key) => key.endsWith("/1")) ?? "");
        assert.equal(isMissed(state, command), missed, `${command.kind} ${status}`);
      }
    }
  });
});

describe("parameters and SQLSTATEs", () => {
  it("arrays have PostgreSQL's text format", () => {
    assert.equal(plainArray([]), "{}");
    assert.equal(plainArray([1, null, "HELD", false, 0]), "{1,NULL,HELD,false,0}");
  });

  it("a SQLSTATE is found on the error and on the cause of Unavailable", () => {
    const refused = Object.assign(new Error("deadlock"), { code: "40P01" });
    const table: [unknown, readonly string[], boolean][] = [
      [refused, serializationFailure, true],
      [new Unavailable("for now", { cause: refused }), serializationFailure, true],
      [refused, lockNotAvailable, false],
      [new Unavailable("away"), serializationFailure, false],
      [null, serializationFailure, false],
      ["40P01", serializationFailure, false],
    ];
    for (const [error, states, known] of table) assert.equal(hasSqlState(error, states), known);
  });
});
