import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { idOf, nowMs, seatWith } from "#test/support/batch.ts";
import { freeSeat, holdSeat, isLapsed, seatKey, seatStatusAt, sellSeat } from "./seat.ts";

describe("a seat", () => {
  it("a hold has lapsed from the millisecond of its end on", () => {
    const table: [untilMs: number, lapsed: boolean][] = [
      [nowMs + 1, false],
      [nowMs, true],
      [nowMs - 1, true],
    ];
    for (const [untilMs, lapsed] of table) assert.equal(isLapsed(untilMs, nowMs), lapsed);
  });

  it("a seat with a lapsed hold is AVAILABLE before the sweeper has run", () => {
    const table = [
      // status, expiresAtMs, counts as
      ["AVAILABLE", null, "AVAILABLE"],
      ["HELD", nowMs + 1, "HELD"],
      ["HELD", nowMs, "AVAILABLE"],
      ["SOLD", null, "SOLD"],
    ] as const;
    for (const [status, expiresAtMs, counts] of table) {
      assert.equal(seatStatusAt({ status, expiresAtMs }, nowMs), counts);
    }
  });

  it("the fence rises when a reservation gets or loses the seat, not when the seat is sold", () => {
    const table = [
      // step, status, reservation, fence
      [
        holdSeat(seatWith({ fence: 4 }), idOf<"reservation">(501), 9),
        "HELD",
        idOf<"reservation">(501),
        5,
        9,
      ],
      [
        freeSeat(holdSeat(seatWith({ fence: 4 }), idOf<"reservation">(501), 9)),
        "AVAILABLE",
        null,
        6,
        null,
      ],
      [
        sellSeat(holdSeat(seatWith({ fence: 4 }), idOf<"reservation">(501), 9)),
        "SOLD",
        idOf<"reservation">(501),
        5,
        null,
      ],
    ] as const;
    for (const [seat, status, reservationId, fence, expiresAtMs] of table) {
      assert.deepEqual(seat, seatWith({ status, reservationId, fence, expiresAtMs }));
    }
  });

  it("only a HELD seat can be sold", () => {
    assert.throws(() => sellSeat(seatWith({})), /AVAILABLE/);
    assert.throws(() => sellSeat(seatWith({ status: "SOLD", reservationId: idOf(1) })), /SOLD/);
  });

  it("the key of a seat is unique across concerts and dates", () => {
    const names = new Set([
      seatKey(idOf(1), "2026-12-24", 1),
      seatKey(idOf(1), "2026-12-24", 11),
      seatKey(idOf(1), "2026-12-25", 1),
      seatKey(idOf(2), "2026-12-24", 1),
    ]);
    assert.equal(names.size, 4);
  });
});
