import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nowMs, otherDate, showWith } from "#test/support/batch.ts";
import {
  changedMap,
  countSeats,
  countStock,
  hasBegun,
  nextChangeMs,
  statusAt,
  takenSeats,
  type SeatChange,
  type SeatMap,
} from "./seat-map.ts";

const show = showWith;

const mixed = show([["AVAILABLE"], ["HELD", nowMs + 1], ["HELD", nowMs], ["SOLD"], ["SOLD"]]);

describe("a seat map", () => {
  it("a lapsed hold counts as AVAILABLE", () => {
    assert.deepEqual(countSeats(mixed, nowMs), { AVAILABLE: 2, HELD: 1, SOLD: 2, BLOCKED: 0 });
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

  it("a blocked seat is neither free nor sold, and taken only for now", () => {
    const map = show([["AVAILABLE"], ["BLOCKED"], ["SOLD"]]);
    assert.deepEqual(countSeats(map, nowMs), { AVAILABLE: 1, HELD: 0, SOLD: 1, BLOCKED: 1 });
    assert.deepEqual(takenSeats(map, [1, 2, 3], nowMs), { sold: [3], held: [2] });
    assert.equal(statusAt(map, 2, nowMs), "BLOCKED");
  });

  it("changes move to their place, and a later version has the same map", () => {
    const changes: SeatChange[] = [
      { seatNumber: 1, letter: "H", expiresAtMs: nowMs + 7, xid: 9 },
      { seatNumber: 2, letter: "S", expiresAtMs: null, xid: 8 },
      { seatNumber: 4, letter: "A", expiresAtMs: null, xid: 8 },
    ];
    const later = changedMap(mixed, changes, { startsAtMs: nowMs + 3, version: 8 });
    assert.deepEqual(
      [later.statuses, [...later.ends], later.soldCount, later.startsAtMs, later.version],
      [
        "HSHAS",
        [
          [3, nowMs],
          [1, nowMs + 7],
        ],
        2,
        nowMs + 3,
        8,
      ],
    );
    assert.deepEqual(countSeats(later, nowMs), { AVAILABLE: 2, HELD: 1, SOLD: 2, BLOCKED: 0 });
    assert.equal(mixed.statuses, "AHHSS");
    const same = changedMap(later, [], { startsAtMs: nowMs + 3, version: 12 });
    assert.deepEqual(same, { ...later, version: 12 });
  });

  it("a seat has a status at a moment, and none beyond the last seat", () => {
    const statuses = [0, 1, 2, 3, 4, 5, 6].map((n) => statusAt(mixed, n, nowMs));
    const none = undefined;
    assert.deepEqual(statuses, [none, "AVAILABLE", "HELD", "AVAILABLE", "SOLD", "SOLD", none]);
  });
});
