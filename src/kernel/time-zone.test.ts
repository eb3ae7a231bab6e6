import assert from "node:assert/strict";
import { test } from "node:test";
import { isCalendarDate, parseInstant, timeZoneOf } from "./time-zone.ts";

for (const [text, expected] of [
  ["2026-12-24", true],
  ["2028-02-29", true],
  ["1970-01-01", true],
  ["9999-12-31", true],
  ["2027-02-29", false],
  ["2026-02-30", false],
  ["2026-13-01", false],
  ["2026-00-10", false],
  ["2026-01-00", false],
  ["1969-12-31", false],
  ["0001-01-01", false],
  ["2026-1-1", false],
  ["20261224", false],
  ["2026-12-24T00:00:00Z", false],
  ["", false],
] as const)
  test(`"${text}" is ${expected ? "a" : "not a"} date`, () =>
    assert.equal(isCalendarDate(text), expected));

for (const [name, expected] of [
  ["Asia/Seoul", true],
  ["UTC", true],
  ["America/Argentina/Buenos_Aires", true],
  ["Asia/Kolkata", true],
  ["Mars/Olympus", false],
  ["+09:00", false],
  ["-03", false],
  ["", false],
  [" Asia/Seoul", false],
  ["Asia/Seoul\u0000", false],
] as const)
  test(`${JSON.stringify(name)} is ${expected ? "a" : "not a"} time zone`, () =>
    assert.equal(timeZoneOf(name) !== null, expected));

const clocks: readonly [string, string, string, number, string][] = [
  // zone, title, date, hour, instant
  ["Asia/Seoul", "no summer time", "2026-12-24", 19, "2026-12-24T10:00:00.000Z"],
  ["UTC", "no offset", "2026-12-24", 19, "2026-12-24T19:00:00.000Z"],
  ["America/New_York", "winter", "2026-01-15", 19, "2026-01-16T00:00:00.000Z"],
  ["America/New_York", "summer", "2026-07-15", 19, "2026-07-15T23:00:00.000Z"],
  ["Europe/Berlin", "the evening before summer time", "2026-03-28", 19, "2026-03-28T18:00:00.000Z"],
  ["Europe/Berlin", "the evening it has begun", "2026-03-29", 19, "2026-03-29T17:00:00.000Z"],
  ["Europe/Berlin", "an hour that is skipped", "2026-03-29", 2, "2026-03-29T01:00:00.000Z"],
  ["Europe/Berlin", "an hour that comes twice", "2026-10-25", 2, "2026-10-25T00:00:00.000Z"],
  ["Europe/Berlin", "the hour after it", "2026-10-25", 3, "2026-10-25T02:00:00.000Z"],
  [
    "Australia/Lord_Howe",
    "half an hour of summer time",
    "2026-10-04",
    19,
    "2026-10-04T08:00:00.000Z",
  ],
  ["Asia/Kathmandu", "quarters of an hour", "2026-05-01", 19, "2026-05-01T13:15:00.000Z"],
  ["Pacific/Kiritimati", "far ahead", "2026-05-01", 19, "2026-05-01T05:00:00.000Z"],
  ["Pacific/Pago_Pago", "far behind", "2026-05-01", 19, "2026-05-02T06:00:00.000Z"],
];

for (const [name, title, date, hour, expected] of clocks)
  test(`${date} ${hour}:00 in ${name} (${title}) is ${expected}`, () => {
    const zone = timeZoneOf(name);
    assert.ok(zone);
    const atMs = zone.instantAt(date, hour);
    assert.equal(new Date(atMs).toISOString(), expected);
  });

test("the date of an instant is the local date of the zone", () => {
  const atMs = Date.parse("2026-12-24T15:30:00.500Z");
  assert.equal(timeZoneOf("Asia/Seoul")?.dateAt(atMs), "2026-12-25");
  assert.equal(timeZoneOf("UTC")?.dateAt(atMs), "2026-12-24");
  assert.equal(timeZoneOf("Asia/Seoul")?.dateAt(Date.parse("2026-12-24T15:00:00Z")), "2026-12-25");
  assert.equal(
    timeZoneOf("Asia/Seoul")?.dateAt(Date.parse("2026-12-24T14:59:59.999Z")),
    "2026-12-24",
  );
});

test("19:00 of every day of a year falls on that day, in zones with and without summer time", () => {
  for (const name of ["Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Seoul"]) {
    const zone = timeZoneOf(name);
    for (let day = 0; day < 365; day += 1) {
      const date = new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10);
      const atMs = zone?.instantAt(date, 19) ?? Number.NaN;
      assert.equal(zone?.dateAt(atMs), date, `${name} ${date}`);
    }
  }
});

const instants: readonly [string, string | null][] = [
  ["2026-11-22T10:00:00.000Z", "2026-11-22T10:00:00.000Z"],
  ["2026-11-22T10:00:00Z", "2026-11-22T10:00:00.000Z"],
  ["2026-11-22t10:00:00z", "2026-11-22T10:00:00.000Z"],
  ["2026-11-22T19:00:00+09:00", "2026-11-22T10:00:00.000Z"],
  ["2026-11-22T10:00:00.1Z", "2026-11-22T10:00:00.100Z"],
  ["2026-11-22T10:00:00.1239999Z", "2026-11-22T10:00:00.123Z"],
  ["1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"],
  ["1970-01-01T00:00:00+01:00", null],
  ["2026-02-30T10:00:00Z", null],
  ["2026-11-22T24:00:00Z", null],
  ["2026-11-22T10:60:00Z", null],
  ["2026-11-22T10:00:60Z", null],
  ["2026-11-22T10:00:00", null],
  ["2026-11-22T10:00:00+9", null],
  ["2026-11-22T10:00:00+25:00", null],
  ["2026-11-22 10:00:00Z", null],
  ["2026-11-22", null],
  ["yesterday", null],
  ["", null],
];

for (const [text, expected] of instants)
  test(`"${text}" ${expected === null ? "is not an instant" : `is ${expected}`}`, () => {
    const atMs = parseInstant(text);
    assert.equal(atMs === null ? null : new Date(atMs).toISOString(), expected);
  });
