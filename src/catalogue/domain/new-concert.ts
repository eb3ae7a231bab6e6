import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import { hasVisibleCharacter } from "#kernel/text.ts";
import { type Concert, initialSettings, type ShowDate } from "./concert.ts";
import type { Violation } from "./violation.ts";
import {
  type Grade,
  gradesOf,
  hallViolations,
  type HallInput,
  type Seat,
  seatsOf,
} from "./hall.ts";
import { initialPolicy, isInstant, policyViolations, type PolicyInput } from "./policy.ts";
import { isCalendarDate, type TimeZone, timeZoneOf } from "./time-zone.ts";

/** The most dates of one concert. */
export const datesMax = 365;

/** The most characters of each text. */
export const textLengthMax = {
  title: 200,
  venue: 200,
  grade: 50,
  description: 5_000,
  posterUrl: 1_000,
  ageRating: 50,
} as const;

export const defaultTimeZone = "Asia/Seoul";

/** A show without a start time starts at this hour in the time zone of the concert. */
export const defaultStartHour = 19;

/** The values that an operator gives for a new concert. */
export interface ConcertInput extends HallInput {
  readonly title: string;
  readonly venue?: string;
  readonly timeZone?: string;
  readonly dates: readonly { readonly date: string; readonly startsAtMs?: InstantMs }[];
  readonly policy: PolicyInput;
  readonly description?: string;
  /** An https address. */
  readonly posterUrl?: string;
  readonly ageRating?: string;
  /** Without it the concert is published at once. */
  readonly publishedAtMs?: InstantMs;
}

/** A concert that is not stored yet. */
export interface NewConcert {
  readonly concert: Concert;
  readonly grades: readonly Grade[];
  /** Every date has these seats. */
  readonly seats: readonly Seat[];
}

export type BuildOutcome =
  | { readonly kind: "invalid"; readonly violations: readonly Violation[] }
  | { readonly kind: "built"; readonly newConcert: NewConcert };

/** The values that the server adds to a new concert. */
export interface ServerValues {
  readonly concertId: ConcertId;
  readonly currency: string;
  readonly nowMs: InstantMs;
  /** 32 random bytes in hex; kept when the concert is a lottery. */
  readonly drawSeed: string;
}

/** Builds the concert that the input describes, or lists every violation of the input. */
export const buildConcert = (input: ConcertInput, server: ServerValues): BuildOutcome => {
  const publishedAtMs = input.publishedAtMs ?? server.nowMs;
  // A queue without a time opens with the publication, not before it.
  const policy = initialPolicy(input.policy, Math.max(server.nowMs, publishedAtMs));
  const timeZone = input.timeZone ?? defaultTimeZone;
  const zone = timeZoneOf(timeZone);
  const dates = zone === null ? [] : datesIn(zone, input.dates);
  const violations: Violation[] = [
    ...textViolations(input),
    ...(zone === null
      ? [violation("/timeZone", "unknown-time-zone")]
      : dateViolations(zone, dates, server.nowMs)),
    ...hallViolations(input),
    ...publicationViolations(publishedAtMs, policy.opensAtMs),
    ...policyViolations(policy).map(({ pointer, rule }) => violation(`/policy${pointer}`, rule)),
  ];
  if (violations.length > 0) return { kind: "invalid", violations };
  const grades = gradesOf(input);
  const prices = grades.map(({ price }) => price);
  const concert: Concert = {
    concertId: server.concertId,
    title: input.title,
    venue: input.venue ?? null,
    timeZone,
    currency: server.currency,
    dates: dates.toSorted((a, b) => (a.date < b.date ? -1 : 1)),
    priceRange: { min: Math.min(...prices), max: Math.max(...prices) },
    grades: grades
      .toSorted((a, b) => a.seats[0] - b.seats[0])
      .map(({ name, price }) => ({ name, price })),
    description: input.description ?? null,
    posterUrl: input.posterUrl ?? null,
    ageRating: input.ageRating ?? null,
    publishedAtMs,
    isDraft: publishedAtMs > server.nowMs,
    ...initialSettings(policy, policy.mode === "lottery" ? server.drawSeed : null),
  };
  return { kind: "built", newConcert: { concert, grades, seats: seatsOf(grades) } };
};

const violation = (pointer: string, rule: Violation["rule"]): Violation => ({ pointer, rule });

const isText = (text: string, lengthMax: number): boolean =>
  text.length <= lengthMax &&
  text.isWellFormed() &&
  !/[^\P{Cc}\n]/u.test(text) &&
  hasVisibleCharacter(text);

const isPlainText = (text: string, lengthMax: number): boolean =>
  isText(text, lengthMax) && !text.includes("\n");

const isWebAddress = (text: string): boolean =>
  /^https:\/\/[\p{L}\p{N}.-]+(?::\d{1,5})?(?:[/?#]\S*)?$/u.test(text);

const publicationViolations = (
  publishedAtMs: InstantMs,
  opensAtMs: InstantMs,
): readonly Violation[] => {
  if (!isInstant(publishedAtMs)) return [violation("/publishedAt", "not-an-instant")];
  return publishedAtMs > opensAtMs ? [violation("/publishedAt", "after-opening")] : [];
};

const textViolations = (input: ConcertInput): readonly Violation[] => {
  const { title, venue, grades, description, posterUrl, ageRating } = input;
  const texts: readonly (readonly [string, string | undefined, number])[] = [
    ["/title", title, textLengthMax.title],
    ["/venue", venue, textLengthMax.venue],
    ["/posterUrl", posterUrl, textLengthMax.posterUrl],
    ["/ageRating", ageRating, textLengthMax.ageRating],
    ...(grades ?? []).map(
      ({ name }, index) => [`/grades/${index}/name`, name, textLengthMax.grade] as const,
    ),
  ];
  const violations = texts
    .filter(([, text, lengthMax]) => text !== undefined && !isPlainText(text, lengthMax))
    .map(([pointer]) => violation(pointer, "not-a-text"));
  if (description !== undefined && !isText(description, textLengthMax.description))
    violations.push(violation("/description", "not-a-text"));
  if (posterUrl !== undefined && !isWebAddress(posterUrl))
    violations.push(violation("/posterUrl", "not-an-address"));
  return violations;
};

const datesIn = (zone: TimeZone, dates: ConcertInput["dates"]): readonly ShowDate[] =>
  dates.map(({ date, startsAtMs }) => ({
    date,
    startsAtMs:
      startsAtMs ?? (isCalendarDate(date) ? zone.instantAt(date, defaultStartHour) : Number.NaN),
  }));

const dateViolations = (
  zone: TimeZone,
  dates: readonly ShowDate[],
  nowMs: InstantMs,
): readonly Violation[] => {
  if (dates.length === 0) return [violation("/dates", "no-dates")];
  if (dates.length > datesMax) return [violation("/dates", "too-many-dates")];
  const seen = new Set<string>();
  return dates.flatMap(({ date, startsAtMs }, index) => {
    const at = `/dates/${index}`;
    if (!isCalendarDate(date)) return [violation(`${at}/date`, "not-a-date")];
    if (seen.has(date)) return [violation(`${at}/date`, "duplicate-date")];
    seen.add(date);
    if (!isInstant(startsAtMs)) return [violation(`${at}/startsAt`, "not-an-instant")];
    if (zone.dateAt(startsAtMs) !== date) return [violation(`${at}/startsAt`, "not-on-its-date")];
    return startsAtMs > nowMs ? [] : [violation(`${at}/date`, "begun-already")];
  });
};
