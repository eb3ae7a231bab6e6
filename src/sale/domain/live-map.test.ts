import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nowMs } from "#test/support/batch.ts";
import { planFrom } from "#test/support/halls.ts";
import { asFansSee, liveChanges, wholeLiveMap } from "./live-map.ts";
import { changedMap, wholeMap } from "./seat-map.ts";

const plan = planFrom({
  grades: [{ name: "R", price: 1 }],
  sections: [
    { name: "A", kind: "SEATED", grade: "R", rows: [{ name: "1", seats: [1, 3] }] },
    { name: "B", kind: "STANDING", grade: "R", capacity: 3 },
  ],
});
const first = wholeMap({
  date: "2026-12-24",
  startsAtMs: nowMs + 1,
  statuses: "AHSAAA",
  ends: new Map([[2, nowMs + 5]]),
  version: 100,
});
const later = changedMap(
  first,
  [
    { seatNumber: 4, letter: "H", expiresAtMs: nowMs + 50, xid: 101 },
    { seatNumber: 5, letter: "S", expiresAtMs: null, xid: 105 },
  ],
  { startsAtMs: nowMs + 1, version: 104 },
);

describe("a live map", () => {
  it("shows a blocked seat to operators, to fans as sold, and never as free", () => {
    const blocked = { seatNumber: 6, letter: "B", expiresAtMs: null, xid: 106 } as const;
    const map = changedMap(later, [blocked], { startsAtMs: nowMs + 1, version: 107 });
    const whole = wholeLiveMap(map, plan, nowMs);
    assert.deepEqual([whole.statuses, whole.seatsAvailable], ["AHSHSB", 1]);
    assert.deepEqual(asFansSee(whole), { ...whole, statuses: "AHSHSS" });
    const changes = liveChanges(map, plan, 106, nowMs);
    assert.ok(changes.kind === "changes");
    assert.deepEqual(changes.changes, [[6, "B"]]);
    assert.deepEqual(asFansSee(changes), { ...changes, changes: [[6, "S"]] });
    assert.deepEqual(changes.sections, [{ name: "B", available: 0 }]);
  });

  it("as a whole has a letter a seat, and the free seats of each section", () => {
    assert.deepEqual(wholeLiveMap(later, plan, nowMs), {
      kind: "whole",
      version: 104,
      seatsAvailable: 2,
      sections: [
        { name: "A", available: 1 },
        { name: "B", available: 1 },
      ],
      statuses: "AHSHSA",
    });
    const { statuses, seatsAvailable, sections } = wholeLiveMap(later, plan, nowMs + 5);
    assert.deepEqual([statuses, seatsAvailable, sections[0]?.available], ["AASHSA", 3, 2]);
  });

  it("since a version has what may have changed from then on, and the sections of these seats", () => {
    const table: [since: number, changes: [number, string][], sections: string[]][] = [
      [
        100,
        [
          [4, "H"],
          [5, "S"],
        ],
        ["B"],
      ],
      [
        101,
        [
          [4, "H"],
          [5, "S"],
        ],
        ["B"],
      ],
      [102, [[5, "S"]], ["B"]],
      [104, [[5, "S"]], ["B"]],
    ];
    for (const [since, changes, sections] of table) {
      const found = liveChanges(later, plan, since, nowMs);
      assert.ok(found.kind === "changes");
      assert.deepEqual([found.version, found.changes], [104, changes]);
      assert.deepEqual(
        found.sections.map(({ name }) => name),
        sections,
      );
    }
  });

  it("a hold that lapses is a change at once, without a version", () => {
    const found = liveChanges(later, plan, 104, nowMs + 5);
    assert.ok(found.kind === "changes");
    assert.deepEqual(found.changes, [
      [2, "A"],
      [5, "S"],
    ]);
  });

  it("of an instance that is behind has no changes and the version of the client", () => {
    const found = liveChanges(later, plan, 120, nowMs);
    assert.deepEqual(found, {
      kind: "changes",
      version: 120,
      seatsAvailable: 2,
      sections: [],
      changes: [],
    });
  });

  it("is given as a whole when the changes since then are not known", () => {
    assert.equal(liveChanges(later, plan, 99, nowMs).kind, "whole");
  });
});
