import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { SeatingPlan } from "#kernel/seating-plan.ts";
import { type Concert, initialSettings } from "./concert.ts";
import { dateIn, dateViolations, seatsMax, sortedDates, type DateInput } from "./show-dates.ts";
import type { Violation } from "./violation.ts";
import { type Grade, gradesOf, hallPlan, hallViolations, type HallInput } from "./hall.ts";
import { isPlainText, isText } from "./plain-text.ts";
import { buildPlan, gradeRuns } from "./seating-plan.ts";
import { initialPolicy, isInstant, policyViolations, type PolicyInput } from "./policy.ts";
import { timeZoneOf } from "#kernel/time-zone.ts";

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

/** The values that an operator gives for a new concert. */
export interface ConcertInput extends HallInput {
  readonly title: string;
  readonly venue?: string;
  readonly timeZone?: string;
  readonly dates: readonly DateInput[];
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
  /** With the seats of each grade, unless the operator has given a seating plan. */
  readonly grades: readonly (Concert["grades"][number] & Partial<Pick<Grade, "seats">>)[];
  /** The seats of every date. */
  readonly plan: SeatingPlan;
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
  const dates = zone === null ? [] : input.dates.map((date) => dateIn(zone, date));
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
  const { grades, plan } = seatsOf(input);
  if (plan.seatsTotal * dates.length > seatsMax)
    return { kind: "invalid", violations: [violation("/dates", "too-many-seats-on-all-dates")] };
  const sold = new Set(gradeRuns(plan).map(({ grade }) => grade));
  const prices = grades.filter(({ name }) => sold.has(name)).map(({ price }) => price);
  const concert: Concert = {
    concertId: server.concertId,
    title: input.title,
    venue: input.venue ?? null,
    timeZone,
    currency: server.currency,
    dates: sortedDates(dates),
    priceRange: { min: Math.min(...prices), max: Math.max(...prices) },
    grades: grades.map(({ name, price }) => ({ name, price })),
    description: input.description ?? null,
    posterUrl: input.posterUrl ?? null,
    ageRating: input.ageRating ?? null,
    publishedAtMs,
    isDraft: publishedAtMs > server.nowMs,
    ...initialSettings(policy, policy.mode === "lottery" ? server.drawSeed : null),
  };
  return { kind: "built", newConcert: { concert, grades, plan } };
};

/** The grades and the plan of a valid input. The grades of the 50 seats are in the order of their seats. */
const seatsOf = (input: ConcertInput): Pick<NewConcert, "grades" | "plan"> => {
  const { seatingPlan } = input;
  if (seatingPlan !== undefined)
    return { grades: seatingPlan.grades, plan: buildPlan(seatingPlan) };
  const grades = gradesOf(input).toSorted((a, b) => a.seats[0] - b.seats[0]);
  return { grades, plan: hallPlan(grades) };
};

const violation = (pointer: string, rule: Violation["rule"]): Violation => ({ pointer, rule });

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
