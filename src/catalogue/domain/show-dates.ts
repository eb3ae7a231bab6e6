import type { InstantMs } from "#kernel/instant.ts";
import type { Concert, ShowDate } from "./concert.ts";
import { isInstant } from "./policy.ts";
import { isCalendarDate, timeZoneOf, type TimeZone } from "#kernel/time-zone.ts";
import type { Violation } from "./violation.ts";

/** The most dates of one concert. */
export const datesMax = 365;

/** The most seats of a concert on all dates together: they are made in one transaction of a few seconds. */
export const seatsMax = 1_000_000;

/** A show without a start time starts at this hour in the time zone of the concert. */
export const defaultStartHour = 19;

/** A date as an operator gives it. */
export interface DateInput {
  readonly date: string;
  readonly startsAtMs?: InstantMs;
}

/** The date with its start, which is NaN for a date that is none. */
export const dateIn = (zone: TimeZone, { date, startsAtMs }: DateInput): ShowDate => ({
  date,
  startsAtMs:
    startsAtMs ?? (isCalendarDate(date) ? zone.instantAt(date, defaultStartHour) : Number.NaN),
});

/** The first rule that the date breaks, with a pointer below `at`; null: it is a date in the future. */
const dateViolation = (
  zone: TimeZone,
  { date, startsAtMs }: ShowDate,
  at: string,
  nowMs: InstantMs,
): Violation | null => {
  if (!isCalendarDate(date)) return { pointer: `${at}/date`, rule: "not-a-date" };
  const start = startViolation(zone, { date, startsAtMs }, `${at}/startsAt`);
  if (start !== null) return start;
  return startsAtMs > nowMs ? null : { pointer: `${at}/date`, rule: "begun-already" };
};

const startViolation = (
  zone: TimeZone,
  { date, startsAtMs }: ShowDate,
  pointer: string,
): Violation | null => {
  if (!isInstant(startsAtMs)) return { pointer, rule: "not-an-instant" };
  return zone.dateAt(startsAtMs) === date ? null : { pointer, rule: "not-on-its-date" };
};

/** The rules that the dates of a new concert break. */
export const dateViolations = (
  zone: TimeZone,
  dates: readonly ShowDate[],
  nowMs: InstantMs,
): readonly Violation[] => {
  if (dates.length === 0) return [{ pointer: "/dates", rule: "no-dates" }];
  if (dates.length > datesMax) return [{ pointer: "/dates", rule: "too-many-dates" }];
  const seen = new Set<string>();
  return dates.flatMap((show, index): Violation | readonly Violation[] => {
    const at = `/dates/${index}`;
    if (isCalendarDate(show.date) && seen.has(show.date))
      return { pointer: `${at}/date`, rule: "duplicate-date" };
    seen.add(show.date);
    return dateViolation(zone, show, at, nowMs) ?? [];
  });
};

const byDate = (a: ShowDate, b: ShowDate): number => (a.date < b.date ? -1 : 1);

export const sortedDates = (dates: readonly ShowDate[]): readonly ShowDate[] =>
  dates.toSorted(byDate);

/** The dates of a concert after a change, or the rules that the change breaks. */
export type ChangedDates =
  | { readonly kind: "invalid"; readonly violations: readonly Violation[] }
  | { readonly kind: "changed"; readonly dates: readonly ShowDate[] };

const refused = (pointer: string, rule: Violation["rule"]): ChangedDates => ({
  kind: "invalid",
  violations: [{ pointer, rule }],
});

const zoneOf = ({ timeZone }: Concert): TimeZone => {
  const zone = timeZoneOf(timeZone);
  if (zone === null) throw new Error("the time zone of a stored concert is unknown");
  return zone;
};

/** The moment and the hall for which a change of the dates is judged. */
export interface DatesTerms {
  readonly nowMs: InstantMs;
  /** The seats of one date. */
  readonly seatsPerDate: number;
}

/** The dates of the concert with another one: a new date in the future, within the limits of a concert. */
export const withDate = (
  concert: Concert,
  input: DateInput,
  { nowMs, seatsPerDate }: DatesTerms,
): ChangedDates => {
  const zone = zoneOf(concert);
  const { dates } = concert;
  const added = dateIn(zone, input);
  if (dates.some(({ date }) => date === added.date)) return refused("/date", "existing-date");
  const violation = dateViolation(zone, added, "", nowMs);
  if (violation !== null) return { kind: "invalid", violations: [violation] };
  if (dates.length >= datesMax) return refused("/date", "too-many-dates");
  if (seatsPerDate * (dates.length + 1) > seatsMax)
    return refused("/date", "too-many-seats-on-all-dates");
  return { kind: "changed", dates: sortedDates([...dates, added]) };
};

/** The dates of the concert with another start of one; null: it has no such date. A show that has begun stays. */
export const withStart = (
  concert: Concert,
  { date, startsAtMs }: ShowDate,
  nowMs: InstantMs,
): ChangedDates | null => {
  const { dates } = concert;
  const before = dates.find((one) => one.date === date);
  if (before === undefined) return null;
  const violation = startViolation(zoneOf(concert), { date, startsAtMs }, "/startsAt");
  if (violation !== null) return { kind: "invalid", violations: [violation] };
  if (before.startsAtMs <= nowMs) return refused("/startsAt", "show-begun");
  if (startsAtMs <= nowMs) return refused("/startsAt", "not-in-future");
  const moved = dates.map((one) => (one === before ? { date, startsAtMs } : one));
  return { kind: "changed", dates: moved };
};
