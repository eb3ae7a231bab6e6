import assert from "node:assert/strict";
import { test } from "node:test";
import { formats, isCalendarDate, isDateTime, isPlainText } from "./formats.ts";

const dates: Record<string, boolean> = {
  "2026-12-24": true,
  "2028-02-29": true,
  "2000-02-29": true,
  "2026-02-29": false,
  "1900-02-29": false,
  "2026-02-30": false,
  "2026-04-31": false,
  "2026-13-01": false,
  "2026-00-01": false,
  "2026-01-00": false,
  "2026-01-32": false,
  "0000-01-01": false,
  "2026-1-1": false,
  "2026-12-24T00:00:00Z": false,
  " 2026-12-24": false,
  "2026-12-24\n": false,
  "٢٠٢٦-12-24": false,
  "": false,
};
for (const [text, good] of Object.entries(dates)) {
  test(`date ${JSON.stringify(text)} is ${good ? "accepted" : "refused"}`, () => {
    assert.equal(isCalendarDate(text), good);
  });
}

const instants: Record<string, boolean> = {
  "2026-11-22T10:00:00.000Z": true,
  "2026-11-22T10:00:00Z": true,
  "2026-11-22t10:00:00z": true,
  "2026-11-22T10:00:00+09:00": true,
  "2026-11-22T24:00:00Z": false,
  "2026-11-22T10:60:00Z": false,
  "2026-11-22T10:00:60Z": false,
  "2026-02-30T10:00:00Z": false,
  "2026-11-22T10:00:00": false,
  "2026-11-22 10:00:00Z": false,
  "2026-11-22T10:00:00+24:00": false,
  "2026-11-22": false,
};
for (const [text, good] of Object.entries(instants)) {
  test(`date-time ${JSON.stringify(text)} is ${good ? "accepted" : "refused"}`, () => {
    assert.equal(isDateTime(text), good);
  });
}

test("plain text has a visible character, no control characters and no lone surrogates", () => {
  for (const good of ["Kim", "김하늘", "a b", "🎟️", "'; drop table"]) assert.ok(isPlainText(good));
  for (const bad of [
    "",
    " ",
    "\u3164",
    "a\0b",
    "a\nb",
    "\t",
    "\u007f",
    "\u0085",
    "Hall \u202eA",
    "Hall \u2066A",
    "a\u2028b",
    "\ud800",
    "a\udc00",
  ]) {
    assert.ok(!isPlainText(bad));
  }
});

test("schemas may name these formats", () => {
  assert.deepEqual(Object.keys(formats), ["uuid", "date", "date-time", "plain-text"]);
  assert.ok(formats["uuid"]?.("018F7E3C-0000-7000-8000-000000000000"));
  assert.ok(!formats["uuid"]?.("018f7e3c"));
});
