import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { date, nowMs, otherDate, price } from "#test/support/batch.ts";
import {
  countSeats,
  countStock,
  hasBegun,
  nextChangeMs,
  takenSeats,
  type SeatMap,
} from "./seat-map.ts";
import type { SeatStatus } from "./seat.ts";

const show = (statuses: readonly [SeatStatus, number?][], startsAtMs = nowMs + 1): SeatMap => ({
  date,
  startsAtMs,
  seats: statuses.map(([status, expiresAtMs], index) => ({
    seatNumber: index + 1,
    grade: "R",
    price,
    status,
    expiresAtMs: expiresAtMs ?? null,
  })),
});

const mixed = show([["AVAILABLE"], ["HELD", nowMs + 1], ["HELD", nowMs], ["SOLD"], ["SOLD"]]);

describe("a seat map", () => {
  it("a lapsed hold counts as AVAILABLE", () => {
    assert.deepEqual(countSeats(mixed, nowMs), { AVAILABLE: 2, HELD: 1, SOLD: 2 });
  });

  it("a show has begun from its start on", () => {
    assert.equal(hasBegun({ startsAtMs: nowMs + 1 }, nowMs), false);
    assert.equal(hasBegun({ startsAtMs: nowMs }, nowMs), true);
  });

  it("a show that has begun has nothing to sell, and its sold seats still count", () => {
    const begun = show([["AVAILABLE"], ["SOLD"], ["HELD", nowMs + 1]], nowMs);
    const other = { ...show([["AVAILABLE"]]), date: otherDate };
    const stock = { available: 3, held: 2, mayReturn: 1, sold: 3, total: 9, hasEnded: false };
    assert.deepEqual(countStock([mixed, begun, other], nowMs), stock);
  });

  it("a sale has ended once every show has begun, whatever was sold; no sold seat is lost", () => {
    const shows = [show([["AVAILABLE"]], nowMs + 5), show([["SOLD"], ["SOLD"]], nowMs + 9)];
    const at = (ms: number) => {
      const { hasEnded, sold, total, available } = countStock(shows, ms);
      return [hasEnded, sold, total, available];
    };
    assert.deepEqual(at(nowMs), [false, 2, 3, 1]);
    assert.deepEqual(at(nowMs + 5), [false, 2, 3, 0]);
    assert.deepEqual(at(nowMs + 9), [true, 2, 3, 0]);
  });

  it("the next change is the next lapse or the next start of a show", () => {
    const later = nowMs + 10;
    const begun = show([["HELD", nowMs + 4]], nowMs);
    const over = show([["HELD", nowMs], ["AVAILABLE"]], later);
    const held = show(
      [
        ["HELD", nowMs + 5],
        ["HELD", nowMs + 3],
      ],
      later,
    );
    const cases: [readonly SeatMap[], number][] = [
      [[], Number.POSITIVE_INFINITY],
      [[show([["SOLD"]], nowMs)], Number.POSITIVE_INFINITY],
      [[begun], nowMs + 4],
      [[over], later],
      [[over, held, begun], nowMs + 3],
    ];
    for (const [shows, expected] of cases) assert.equal(nextChangeMs(shows, nowMs), expected);
  });

  it("seats are sorted into sold and held; a seat with a lapsed hold is neither", () => {
    assert.deepEqual(takenSeats(mixed, [5, 4, 3, 2, 1], nowMs), { sold: [4, 5], held: [2] });
    assert.deepEqual(takenSeats(mixed, [1, 3], nowMs), { sold: [], held: [] });
  });
});
