import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nowMs, reservationWith } from "#test/support/batch.ts";
import {
  changeReservation,
  reservationStatusAt,
  seatsOwned,
  type ReservationEvent,
  type ReservationStatus,
} from "./reservation.ts";

describe("a reservation", () => {
  it("HELD changes once, and no other status changes", () => {
    const table: [ReservationStatus, ReservationEvent, ReservationStatus | "refused"][] = [
      // given, event, then
      ["HELD", "paid", "CONFIRMED"],
      ["HELD", "cancelled", "CANCELLED"],
      ["HELD", "lapsed", "EXPIRED"],
      ["CONFIRMED", "paid", "refused"],
      ["CONFIRMED", "cancelled", "refused"],
      ["CONFIRMED", "lapsed", "refused"],
      ["CANCELLED", "paid", "refused"],
      ["CANCELLED", "cancelled", "refused"],
      ["CANCELLED", "lapsed", "refused"],
      ["EXPIRED", "paid", "refused"],
      ["EXPIRED", "cancelled", "refused"],
      ["EXPIRED", "lapsed", "refused"],
    ];
    for (const [status, event, then] of table) {
      const given = reservationWith({ status });
      if (then === "refused") assert.throws(() => changeReservation(given, event), RegExp(status));
      else assert.deepEqual(changeReservation(given, event), { ...given, status: then });
    }
  });

  it("a HELD reservation reads EXPIRED from the end of its hold on", () => {
    const table: [ReservationStatus, number, ReservationStatus][] = [
      ["HELD", nowMs + 1, "HELD"],
      ["HELD", nowMs, "EXPIRED"],
      ["CONFIRMED", nowMs, "CONFIRMED"],
      ["CANCELLED", nowMs, "CANCELLED"],
      ["EXPIRED", nowMs + 1, "EXPIRED"],
    ];
    for (const [status, expiresAtMs, reads] of table) {
      assert.equal(reservationStatusAt({ status, expiresAtMs }, nowMs), reads);
    }
  });

  it("seats count towards the user's limit while CONFIRMED, or HELD and not lapsed", () => {
    const seatNumbers = [1, 2];
    const table: [ReservationStatus, number, count: number][] = [
      ["HELD", nowMs + 1, 2],
      ["HELD", nowMs, 0],
      ["CONFIRMED", nowMs - 1, 2],
      ["CANCELLED", nowMs + 1, 0],
      ["EXPIRED", nowMs + 1, 0],
    ];
    for (const [status, expiresAtMs, count] of table) {
      const one = reservationWith({ status, expiresAtMs, seatNumbers });
      assert.equal(seatsOwned([one, one], nowMs), 2 * count);
    }
  });

  it("refunded seats count no more", () => {
    const one = reservationWith({ status: "CONFIRMED", seatNumbers: [1, 2, 3], refundedSeats: 2 });
    assert.equal(seatsOwned([one], nowMs), 1);
  });
});
