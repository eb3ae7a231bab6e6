import { malformedRequest } from "#platform/http/refusal.ts";
import type { Problem } from "#platform/http/route.ts";
import { datesMax } from "../../domain/new-concert.ts";
import type { Violation, ViolationRule } from "../../domain/violation.ts";
import { priceMax, seatNumberMax } from "../../domain/hall.ts";
import { inForceMs, type PolicyNumber, policyRanges } from "../../domain/policy.ts";

const messages = {
  "out-of-range": "is out of range",
  "not-a-whole-number": "must be a whole number",
  "fixed-once-open": "cannot change any more: the queue has opened",
  "fixed-near-draw": `cannot change any more: the draw is done or less than ${inForceMs} ms away`,
  "draw-too-soon": `must be at least ${inForceMs} ms from now, so that every instance reads it in time`,
  "needed-for-lottery": "is required for a lottery",
  "only-for-lottery": "is allowed for a lottery only",
  "not-after-opening": "must be after opensAt",
  "after-opening": "must not be after policy.opensAt: a draft cannot be open",
  "not-an-address": "must be an https:// address",
  "not-an-instant": "must be an RFC 3339 time from 1970 to 9999",
  "not-a-text": "must be visible text of the allowed length without control characters",
  "unknown-time-zone": "must be an IANA time zone, like Asia/Seoul",
  "not-a-date": "must be a date of the calendar from 1970 to 9999, YYYY-MM-DD",
  "duplicate-date": "must not be repeated",
  "not-on-its-date": "must lie on the show's date in the concert's time zone",
  "begun-already": "must be a date whose show begins in the future",
  "no-dates": "must name at least one date",
  "too-many-dates": `may name at most ${datesMax} dates`,
  "neither-price-nor-grades": "is required without grades",
  "both-price-and-grades": "must not be given together with grades",
  "duplicate-grade": "repeats the name of an earlier grade",
  "seats-outside-the-hall": `must lie between 1 and ${seatNumberMax}`,
  "seats-reversed": "must go from the lower number to the higher",
  "seats-in-two-grades": "must not repeat seats of an earlier grade",
  "seats-without-a-grade": `must cover all seats from 1 to ${seatNumberMax}`,
} as const satisfies Record<ViolationRule, string>;

const isPolicyNumber = (name: string): name is PolicyNumber => Object.hasOwn(policyRanges, name);

const rangeOf = (pointer: string): string => {
  const name = pointer.slice(pointer.lastIndexOf("/") + 1);
  if (isPolicyNumber(name)) return `: ${policyRanges[name].min} to ${policyRanges[name].max}`;
  return name === "price" ? `: 1 to ${priceMax}` : "";
};

const messageOf = ({ pointer, rule }: Violation): string =>
  rule === "out-of-range" ? messages[rule] + rangeOf(pointer) : messages[rule];

/** Returns the refusal with every violation; `detail` names the first. */
export const invalid = (violations: readonly Violation[]): Problem =>
  malformedRequest(
    violations.map((violation) => ({
      pointer: violation.pointer,
      message: messageOf(violation),
    })),
  );

/** The refusal of a cursor that is not a `nextCursor` of the list. */
export const invalidCursor: Problem = malformedRequest([
  { pointer: "/query/cursor", message: "must be a nextCursor of this list" },
]);
