import assert from "node:assert/strict";
import { test } from "node:test";
import type { HeldTicket } from "../../../sdk/generated/index.ts";
import { calendarFile } from "./calendar.ts";

const ticket: HeldTicket = {
  ticketId: "0198c4f2-7c1e-7a35-9d1b-5f0c2e8a4b17",
  concertId: "0198c4f2-7c1e-7a35-9d1b-5f0c2e8a4b18",
  title: "The Big Concert",
  venue: "Seoul Arts Center",
  date: "2026-12-24",
  startsAt: "2026-12-24T10:00:00.000Z",
  timeZone: "Asia/Seoul",
  section: "Stalls",
  row: "A",
  name: "3",
  seatNumber: 3,
  grade: "R",
  price: 120_000,
  holder: { userId: "0198c4f2-7c1e-7a35-9d1b-5f0c2e8a4b19", name: null },
  status: "VALID",
  code: null,
  transfer: null,
  transferableUntil: null,
  voidReason: null,
  cancelledAt: null,
  paymentId: "0198c4f2-7c1e-7a35-9d1b-5f0c2e8a4b20",
};
const now = new Date("2026-11-29T09:30:00.500Z");

test("a calendar file has the show with its seats, in UTC", () => {
  assert.equal(
    calendarFile(ticket, "Stalls, row A, seats 3, 4", now),
    [
      "BEGIN:VCALENDAR",
      "VERSION:2.0",
      "PRODID:-//Frontrow//Tickets//EN",
      "BEGIN:VEVENT",
      "UID:0198c4f2-7c1e-7a35-9d1b-5f0c2e8a4b18-2026-12-24@frontrow",
      "DTSTAMP:20261129T093000Z",
      "DTSTART:20261224T100000Z",
      "SUMMARY:The Big Concert",
      "LOCATION:Seoul Arts Center",
      String.raw`DESCRIPTION:Stalls\, row A\, seats 3\, 4`,
      "END:VEVENT",
      "END:VCALENDAR",
      "",
    ].join("\r\n"),
  );
});

test("a title cannot end its line or begin another one, and a venue may be missing", () => {
  const text = calendarFile({ ...ticket, title: "A;B\nURL:x\\", venue: null }, "", now);
  assert.ok(text.includes(String.raw`SUMMARY:A\;B\nURL:x\\` + "\r\n"), text);
  assert.ok(!text.includes("LOCATION"));
});

test("no line is longer than 75 bytes, and no letter is torn", () => {
  const title = "세종문화회관 대극장 연말 특별 공연 🎄".repeat(5);
  const text = calendarFile({ ...ticket, title }, "", now);
  for (const line of text.split("\r\n")) assert.ok(Buffer.byteLength(line) <= 75, line);
  assert.ok(text.replaceAll("\r\n ", "").includes(`SUMMARY:${title}\r\n`));
});
