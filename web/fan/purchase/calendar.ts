import type { HeldTicket } from "../../../sdk/generated/index.ts";

/** Marks the characters that end a value in a calendar file (RFC 5545, 3.3.11). */
const escaped = (text: string): string =>
  text.replaceAll(/[\\;,]/g, String.raw`\$&`).replaceAll(/\r?\n/g, String.raw`\n`);

/** 2026-12-24T10:00:00.000Z as 20261224T100000Z. */
const compact = (moment: string): string => moment.replaceAll(/[-:]|\.\d+/g, "");

const lineBytesMax = 75;

/** Breaks a line after at most 75 bytes, never within a letter. */
const folded = (line: string): string => {
  const encoder = new TextEncoder();
  let text = "";
  let bytes = 0;
  for (const letter of line) {
    const { length } = encoder.encode(letter);
    if (bytes + length > lineBytesMax) {
      text += "\r\n ";
      bytes = 1;
    }
    text += letter;
    bytes += length;
  }
  return text;
};

/**
 * Makes a calendar file (iCalendar, RFC 5545) with the show of a ticket. The event is named by the show, so that
 * a calendar that has it already updates it. The server does not know when a show ends, so it has no end.
 */
export const calendarFile = (
  { concertId, date, title, venue, startsAt }: HeldTicket,
  places: string,
  now: Date,
): string =>
  [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Frontrow//Tickets//EN",
    "BEGIN:VEVENT",
    `UID:${concertId}-${date}@frontrow`,
    `DTSTAMP:${compact(now.toISOString())}`,
    `DTSTART:${compact(startsAt)}`,
    `SUMMARY:${escaped(title)}`,
    ...(venue === null ? [] : [`LOCATION:${escaped(venue)}`]),
    `DESCRIPTION:${escaped(places)}`,
    "END:VEVENT",
    "END:VCALENDAR",
  ]
    .map((line) => `${folded(line)}\r\n`)
    .join("");
