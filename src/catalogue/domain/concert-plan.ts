import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import { type Concert, initialSettings, type ShowDate } from "./concert.ts";
import type { Fault } from "./fault.ts";
import { type Grade, gradesOf, hallFaults, type HallWish, type Seat, seatsOf } from "./hall.ts";
import { initialPolicy, isInstant, policyFaults, type PolicyWish } from "./policy.ts";
import { isCalendarDate, type TimeZone, timeZoneOf } from "./time-zone.ts";

/** A concert may be played on up to a year's dates. */
export const datesMax = 365;

/** Up to this many characters a text is kept. */
export const textLengthMax = { title: 200, venue: 200, grade: 50 } as const;

export const defaultTimeZone = "Asia/Seoul";

/** Without a time of its own a show starts at this hour by the clocks of the concert's time zone. */
export const defaultStartHour = 19;

/** What an operator says of a new concert. */
export interface ConcertWish extends HallWish {
  readonly title: string;
  readonly venue?: string;
  readonly timeZone?: string;
  readonly dates: readonly { readonly date: string; readonly startsAtMs?: InstantMs }[];
  readonly policy: PolicyWish;
}

export interface ConcertPlan {
  readonly concert: Concert;
  readonly grades: readonly Grade[];
  /** The seats that every date has. */
  readonly seats: readonly Seat[];
}

export type PlanOutcome =
  | { readonly kind: "faulty"; readonly faults: readonly Fault[] }
  | { readonly kind: "planned"; readonly plan: ConcertPlan };

/** What only the server can say of a new concert. */
export interface PlanSetting {
  readonly concertId: ConcertId;
  readonly currency: string;
  readonly nowMs: InstantMs;
  /** 32 random bytes in hex; kept when the concert is a lottery. */
  readonly drawSeed: string;
}

/** The concert that the wish describes, or everything that is wrong with it. */
export const planConcert = (wish: ConcertWish, setting: PlanSetting): PlanOutcome => {
  const policy = initialPolicy(wish.policy, setting.nowMs);
  const timeZone = wish.timeZone ?? defaultTimeZone;
  const zone = timeZoneOf(timeZone);
  const dates = zone === null ? [] : datesIn(zone, wish.dates);
  const faults: Fault[] = [
    ...textFaults(wish),
    ...(zone === null ? [fault("/timeZone", "unknown-time-zone")] : dateFaults(zone, dates)),
    ...hallFaults(wish),
    ...policyFaults(policy).map(({ pointer, rule }) => fault(`/policy${pointer}`, rule)),
  ];
  if (faults.length > 0) return { kind: "faulty", faults };
  const grades = gradesOf(wish);
  const prices = grades.map(({ price }) => price);
  const concert: Concert = {
    concertId: setting.concertId,
    title: wish.title,
    venue: wish.venue ?? null,
    timeZone,
    currency: setting.currency,
    dates: dates.toSorted((a, b) => (a.date < b.date ? -1 : 1)),
    priceRange: { min: Math.min(...prices), max: Math.max(...prices) },
    ...initialSettings(policy, policy.mode === "lottery" ? setting.drawSeed : null),
  };
  return { kind: "planned", plan: { concert, grades, seats: seatsOf(grades) } };
};

const fault = (pointer: string, rule: Fault["rule"]): Fault => ({ pointer, rule });

const isText = (text: string, lengthMax: number): boolean =>
  text.length > 0 && text.length <= lengthMax && text.isWellFormed() && !/\p{Cc}/u.test(text);

const textFaults = ({ title, venue, grades }: ConcertWish): readonly Fault[] => {
  const texts: readonly (readonly [string, string | undefined, number])[] = [
    ["/title", title, textLengthMax.title],
    ["/venue", venue, textLengthMax.venue],
    ...(grades ?? []).map(
      ({ name }, index) => [`/grades/${index}/name`, name, textLengthMax.grade] as const,
    ),
  ];
  return texts
    .filter(([, text, lengthMax]) => text !== undefined && !isText(text, lengthMax))
    .map(([pointer]) => fault(pointer, "not-a-text"));
};

const datesIn = (zone: TimeZone, wanted: ConcertWish["dates"]): readonly ShowDate[] =>
  wanted.map(({ date, startsAtMs }) => ({
    date,
    startsAtMs:
      startsAtMs ?? (isCalendarDate(date) ? zone.instantAt(date, defaultStartHour) : Number.NaN),
  }));

const dateFaults = (zone: TimeZone, dates: readonly ShowDate[]): readonly Fault[] => {
  if (dates.length === 0) return [fault("/dates", "no-dates")];
  if (dates.length > datesMax) return [fault("/dates", "too-many-dates")];
  const seen = new Set<string>();
  return dates.flatMap(({ date, startsAtMs }, index) => {
    const at = `/dates/${index}`;
    if (!isCalendarDate(date)) return [fault(`${at}/date`, "impossible-date")];
    if (seen.has(date)) return [fault(`${at}/date`, "doubled-date")];
    seen.add(date);
    if (!isInstant(startsAtMs)) return [fault(`${at}/startsAt`, "not-an-instant")];
    return zone.dateAt(startsAtMs) === date ? [] : [fault(`${at}/startsAt`, "not-on-its-date")];
  });
};
