import assert from "node:assert/strict";
import { test } from "node:test";
import { momentAt, wallClock } from "./zone.ts";

// local time | zone | the same in UTC
const times: [string, string, string | null][] = [
  ["2026-12-24T19:00", "Asia/Seoul", "2026-12-24T10:00:00.000Z"],
  ["2026-07-01T19:00", "Europe/Berlin", "2026-07-01T17:00:00.000Z"],
  ["2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30:00.000Z"],
  ["2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:30:00.000Z"],
  ["2026-12-24T19:00", "Mars/Olympus", null],
  ["", "Asia/Seoul", null],
];
for (const [typed, zone, utc] of times)
  test(`${typed} in ${zone} is ${utc ?? "no moment"}`, () => {
    const atMs = momentAt(typed, zone);
    assert.equal(atMs === null ? null : new Date(atMs).toISOString(), utc);
  });

test("the clock of a zone is written as an input of date and time takes it", () => {
  assert.equal(wallClock(Date.parse("2026-12-24T15:00:00Z"), "Asia/Seoul"), "2026-12-25T00:00");
  assert.equal(wallClock(0, "Mars/Olympus"), null);
});
