import type { InstantMs } from "#kernel/instant.ts";

/** The calendar and the clock of one time zone. */
export interface TimeZone {
  /** The calendar date at that instant, YYYY-MM-DD. */
  dateAt(atMs: InstantMs): string;
  /**
   * The instant of a full hour on a date. An hour that occurs twice, when summer time ends, means the
   * first one. An hour that is skipped, when summer time begins, is computed with the offset from before.
   */
  instantAt(date: string, hour: number): InstantMs;
}

const dayMs = 86_400_000;

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Whether the text is a date of the calendar from 1970 to 9999, YYYY-MM-DD. */
export const isCalendarDate = (text: string): boolean => {
  const [, year, month, day] = datePattern.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  if (year < 1970) return false;
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10) === text;
};

const clockFormat = (name: string): Intl.DateTimeFormat | null => {
  try {
    return new Intl.DateTimeFormat("en-u-ca-iso8601-nu-latn", {
      timeZone: name,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
};

/** The time zone of an IANA name, or null. An offset like +09:00 is not a name. */
export const timeZoneOf = (name: string): TimeZone | null => {
  const format = /^[A-Za-z]/.test(name) ? clockFormat(name) : null;
  if (format === null) return null;

  /** The instant at which a clock in UTC shows the local time of `atMs`. */
  const shownMs = (atMs: InstantMs): number => {
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(atMs)) parts[type] = Number(value);
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };
  const offsetMs = (atMs: InstantMs): number => shownMs(atMs) - Math.floor(atMs / 1000) * 1000;

  return {
    dateAt: (atMs) => new Date(shownMs(atMs)).toISOString().slice(0, 10),
    instantAt: (date, hour) => {
      const localMs = Date.parse(`${date}T00:00:00Z`) + hour * 3_600_000;
      // The offset of a zone changes at most once within two days; the earlier offset is tried first.
      const before = offsetMs(localMs - dayMs);
      const after = offsetMs(localMs + dayMs);
      const fits = [before, after].find((offset) => shownMs(localMs - offset) === localMs);
      return localMs - (fits ?? before);
    },
  };
};

const instantPattern =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;

/** The instant of an RFC 3339 text, truncated to milliseconds; null for any other text. */
export const parseInstant = (text: string): InstantMs | null => {
  const parts = instantPattern.exec(text);
  if (parts === null || !isCalendarDate(parts[1] ?? "")) return null;
  const atMs = Date.parse(text.toUpperCase().replace(/(\.\d{3})\d+/, "$1"));
  return Number.isNaN(atMs) || atMs < 0 ? null : atMs;
};
