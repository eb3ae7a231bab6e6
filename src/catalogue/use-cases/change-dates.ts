import type { Intent } from "#kernel/idempotency.ts";
import type { Concert, ShowDate } from "../domain/concert.ts";
import { publishedDates, type Published } from "../domain/published.ts";
import { withDate, withStart, type DateInput } from "../domain/show-dates.ts";
import type { Violation } from "../domain/violation.ts";
import type { ConcertRecords, KeyUse } from "../ports/concert-records.ts";
import {
  correctFacts,
  type CorrectFacts,
  type CorrectFactsDeps,
  type CorrectFactsOutcome,
} from "./correct-facts.ts";

interface Invalid {
  readonly kind: "invalid";
  readonly violations: readonly Violation[];
}

export interface AddDate extends CorrectFacts {
  readonly input: DateInput;
  /** The key under which the operator adds the date once; null: a repeat is `invalid`. */
  readonly intent: Intent | null;
  /** The body of the answer with the concert as it is with the date. */
  readonly answerOf: (concert: Concert) => Published;
}

/** `closed`: a closed queue sells no seat of another date. */
type AddDateRefusal = Invalid | { readonly kind: "closed" };

export type AddDateOutcome =
  | Exclude<CorrectFactsOutcome, { readonly kind: "corrected" }>
  | AddDateRefusal
  | KeyUse
  | { readonly kind: "added"; readonly answer: Published };

export interface AddDateDeps extends CorrectFactsDeps {
  readonly records: Pick<ConcertRecords, "correct" | "findKeyUse">;
}

/** The dates of a change for the audit trail: those that are not the same before and after. */
const difference = (concert: Concert, dates: readonly ShowDate[]) => {
  const isIn = (all: readonly ShowDate[], { date, startsAtMs }: ShowDate): boolean =>
    all.some((one) => one.date === date && one.startsAtMs === startsAtMs);
  const before = publishedDates(concert.dates.filter((one) => !isIn(dates, one)));
  const after = publishedDates(dates.filter((one) => !isIn(concert.dates, one)));
  return { before: before.length === 0 ? null : { dates: before }, after: { dates: after } };
};

/**
 * Adds a date with all seats of the hall to a concert, also while its queue is SOLD_OUT or ENDED: it sells again.
 *
 * Outcomes, first that applies:
 * - `replayed`    the same request has added the date before; nothing is stored
 * - `concert-not-found`, `version-conflict`
 * - `closed`
 * - `invalid`     the date exists, has begun, is not the one of its start, or the limits of a concert are reached
 * - `key-reused`  the operator used the key for another request
 * - `added`       on this instance at once and on every other within 1,000 ms
 *
 * Throws Unavailable. If the COMMIT was not answered, the same request with the same key tells.
 * Atomicity: one transaction under the lock of the concert's row. Cost: at most 60,000 new rows; no row of another date
 * is locked.
 */
export const addDate =
  (deps: AddDateDeps) =>
  async (command: AddDate): Promise<AddDateOutcome> => {
    const { actor, input, intent, answerOf } = command;
    const outcome = await correctFacts(deps)<AddDateRefusal>(command, (concert, context) => {
      if (concert.closedAtMs !== null) return { refusal: { kind: "closed" } };
      const changed = withDate(concert, input, context);
      if (changed.kind === "invalid") return { refusal: changed };
      const { dates } = changed;
      const { concertId, version } = concert;
      const answer = answerOf({ ...concert, dates, version: version + 1 });
      const note = { actor, action: "date.added", ...difference(concert, dates) } as const;
      return { facts: { dates }, note, use: intent && { intent, concertId, answer } };
    });
    if (outcome.kind === "corrected") return { kind: "added", answer: answerOf(outcome.concert) };
    const earlier = intent && (await deps.records.findKeyUse(actor, intent));
    return earlier?.kind === "replayed" ? earlier : outcome;
  };

export interface MoveDate extends CorrectFacts {
  readonly date: string;
  readonly startsAtMs: number;
}

type MoveDateRefusal = Invalid | { readonly kind: "date-not-found" };

export type MoveDateOutcome = CorrectFactsOutcome | MoveDateRefusal;

/**
 * Moves the start of a show within its day. Holds and tickets stay.
 *
 * Outcomes as of `correctFacts`; `date-not-found`, and `invalid` for a start on another day or in the past, and for a
 * show that has begun. Throws Unavailable.
 */
export const moveDate =
  (deps: CorrectFactsDeps) =>
  async (command: MoveDate): Promise<MoveDateOutcome> => {
    const { actor, date, startsAtMs } = command;
    const outcome = await correctFacts(deps)<MoveDateRefusal>(command, (concert, { nowMs }) => {
      const changed = withStart(concert, { date, startsAtMs }, nowMs);
      if (changed === null) return { refusal: { kind: "date-not-found" } };
      if (changed.kind === "invalid") return { refusal: changed };
      const { dates } = changed;
      const { before, after } = difference(concert, dates);
      const note = { actor, action: "date.moved", before, after } as const;
      return { facts: before === null ? null : { dates }, note };
    });
    if (outcome.kind === "key-reused" || outcome.kind === "replayed")
      throw new Error("a moved date has no key");
    return outcome;
  };
