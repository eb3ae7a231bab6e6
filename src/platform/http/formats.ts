import { isUuid } from "#kernel/ids.ts";
import { hasControlCharacter, hasVisibleCharacter } from "#kernel/text.ts";

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const instantPattern =
  /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.\d{1,9})?(?:[Zz]|[+-](\d{2}):(\d{2}))$/;

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** Returns 0 for a month outside 1 to 12. */
const daysOf = (year: number, month: number): number =>
  month === 2 && isLeap(year) ? 29 : (monthDays[month - 1] ?? 0);

/** Whether the text is `YYYY-MM-DD` and names a day of the calendar. Years 0001 to 9999. */
export const isCalendarDate = (text: string): boolean => {
  const parts = datePattern.exec(text);
  if (parts === null) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  return year >= 1 && day >= 1 && day <= daysOf(year, month);
};

/** Whether the text is an RFC 3339 date-time with an offset. Leap seconds are refused. */
export const isDateTime = (text: string): boolean => {
  const parts = instantPattern.exec(text);
  if (parts === null) return false;
  const [, date = "", hour, minute, second, offsetHour = "0", offsetMinute = "0"] = parts;
  const inRange =
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60 &&
    Number(offsetHour) < 24 &&
    Number(offsetMinute) < 60;
  return inRange && isCalendarDate(date);
};

/** Whether all stores and screens take the text: no control characters, no lone surrogates, something to see. */
export const isPlainText = (text: string): boolean =>
  text.isWellFormed() && !hasControlCharacter(text) && hasVisibleCharacter(text);

/** The formats that a schema may name, with their checks. */
export const formats: Readonly<Record<string, (text: string) => boolean>> = {
  uuid: isUuid,
  date: isCalendarDate,
  "date-time": isDateTime,
  "plain-text": isPlainText,
};
