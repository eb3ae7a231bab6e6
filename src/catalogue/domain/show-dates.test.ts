import assert from "node:assert/strict";
import { test } from "node:test";
import type { Concert } from "./concert.ts";
import {
  datesMax,
  seatsMax,
  withDate,
  withStart,
  type ChangedDates,
  type DateInput,
} from "./show-dates.ts";

const at = (text: string) => Date.parse(text);
/** 19:00 in Seoul. */
const eve = { date: "2026-12-24", startsAtMs: at("2026-12-24T10:00:00Z") };
const after = { date: "2026-12-26", startsAtMs: at("2026-12-26T10:00:00Z") };
const concert = { timeZone: "Asia/Seoul", dates: [eve, after] } as unknown as Concert;
const nowMs = at("2026-12-20T00:00:00Z");

const found = (changed: ChangedDates | null): unknown => {
  if (changed === null) return null;
  return changed.kind === "changed"
    ? changed.dates
    : changed.violations.map(({ pointer, rule }) => `${pointer} ${rule}`);
};

const adding: readonly [string, DateInput, unknown][] = [
  [
    "a date without a start begins at 19:00 there, and stands in order",
    { date: "2026-12-25" },
    [eve, { date: "2026-12-25", startsAtMs: at("2026-12-25T10:00:00Z") }, after],
  ],
  [
    "the last second of a day there",
    { date: "2026-12-27", startsAtMs: at("2026-12-27T14:59:59Z") },
    [eve, after, { date: "2026-12-27", startsAtMs: at("2026-12-27T14:59:59Z") }],
  ],
  ["a date that exists", { date: "2026-12-24" }, ["/date existing-date"]],
  [
    "a date that exists, at another time",
    { date: "2026-12-24", startsAtMs: at("2026-12-24T05:00:00Z") },
    ["/date existing-date"],
  ],
  ["a day that the calendar lacks", { date: "2026-02-30" }, ["/date not-a-date"]],
  [
    "a start on the next day there, which is the same day in UTC",
    { date: "2026-12-25", startsAtMs: at("2026-12-25T15:00:00Z") },
    ["/startsAt not-on-its-date"],
  ],
  ["a start that is none", { date: "2026-12-25", startsAtMs: NaN }, ["/startsAt not-an-instant"]],
  ["a past date", { date: "2026-12-19" }, ["/date begun-already"]],
  [
    "a show that begins at this moment",
    { date: "2026-12-20", startsAtMs: nowMs },
    ["/date begun-already"],
  ],
];
for (const [title, input, expected] of adding)
  test(`a date is added: ${title}`, () =>
    assert.deepEqual(found(withDate(concert, input, { nowMs, seatsPerDate: 50 })), expected));

test("a concert has at most 365 dates, and a million seats on all of them", () => {
  const input = { date: "2026-12-25" };
  const dates = Array.from({ length: datesMax }, (_, day) => ({
    date: new Date(at("2027-01-01") + day * 86_400_000).toISOString().slice(0, 10),
    startsAtMs: at("2027-01-01") + day * 86_400_000,
  }));
  const many = { ...concert, dates };
  assert.deepEqual(found(withDate(many, input, { nowMs, seatsPerDate: 50 })), [
    "/date too-many-dates",
  ]);
  const seatsPerDate = Math.floor(seatsMax / 3);
  assert.equal(withDate(concert, input, { nowMs, seatsPerDate }).kind, "changed");
  assert.deepEqual(found(withDate(concert, input, { nowMs, seatsPerDate: seatsPerDate + 1 })), [
    "/date too-many-seats-on-all-dates",
  ]);
});

const moving: readonly [string, string, string, unknown][] = [
  [
    "later on its day",
    "2026-12-24",
    "2026-12-24T12:00:00Z",
    [{ ...eve, startsAtMs: at("2026-12-24T12:00:00Z") }, after],
  ],
  ["to its own time", "2026-12-24", "2026-12-24T10:00:00Z", [eve, after]],
  ["to the next day", "2026-12-24", "2026-12-24T15:00:00Z", ["/startsAt not-on-its-date"]],
  ["of a date that the concert lacks", "2026-12-25", "2026-12-25T10:00:00Z", null],
];
for (const [title, date, startsAt, expected] of moving)
  test(`a start is moved: ${title}`, () =>
    assert.deepEqual(
      found(withStart(concert, { date, startsAtMs: at(startsAt) }, nowMs)),
      expected,
    ));

test("no start is moved into the past, and none of a show that has begun", () => {
  const earlier = { date: "2026-12-24", startsAtMs: at("2026-12-24T08:00:00Z") };
  assert.deepEqual(found(withStart(concert, earlier, earlier.startsAtMs)), [
    "/startsAt not-in-future",
  ]);
  const later = { date: "2026-12-24", startsAtMs: at("2026-12-24T12:00:00Z") };
  assert.deepEqual(found(withStart(concert, later, eve.startsAtMs)), ["/startsAt show-begun"]);
  assert.deepEqual(withStart(concert, later, eve.startsAtMs - 1)?.kind, "changed");
});
