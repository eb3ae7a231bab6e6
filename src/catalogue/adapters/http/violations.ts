import { malformedRequest } from "#platform/http/refusal.ts";
import type { Problem } from "#platform/http/route.ts";
import { datesMax, seatsMax } from "../../domain/show-dates.ts";
import type { Violation, ViolationRule } from "../../domain/violation.ts";
import { planSeatsMax } from "#kernel/seating-plan.ts";
import { seatNumberMax } from "../../domain/hall.ts";
import { planLimits } from "../../domain/plan-input.ts";
import { priceMax } from "../../domain/price.ts";
import { inForceMs, policyRanges, transferRanges } from "../../domain/policy.ts";
import { refundRanges } from "../../domain/refund-policy.ts";

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
  "duplicate-days": "repeats the days of an earlier fee",
  "not-an-address": "must be an https:// address",
  "not-an-instant": "must be an RFC 3339 time from 1970 to 9999",
  "not-a-text": "must be visible text of the allowed length without control characters",
  "unknown-time-zone": "must be an IANA time zone, like Asia/Seoul",
  "not-a-date": "must be a date of the calendar from 1970 to 9999, YYYY-MM-DD",
  "duplicate-date": "must not be repeated",
  "not-on-its-date": "must lie on the show's date in the concert's time zone",
  "begun-already": "must be a date whose show begins in the future",
  "existing-date": "is a date of the concert already",
  "show-begun": "cannot change any more: the show has begun",
  "not-in-future": "must lie in the future",
  "no-dates": "must name at least one date",
  "too-many-dates": `may name at most ${datesMax} dates`,
  "neither-price-nor-grades": "is required without grades or seatingPlan",
  "both-price-and-grades": "must not be given together with grades",
  "duplicate-grade": "repeats the name of an earlier grade",
  "seats-outside-the-hall": `must lie between 1 and ${seatNumberMax}`,
  "seats-reversed": "must go from the lower number to the higher",
  "seats-in-two-grades": "must not repeat seats of an earlier grade",
  "seats-without-a-grade": `must cover all seats from 1 to ${seatNumberMax}`,
  "plan-and-prices": "must not be given together with price or grades",
  empty: "must not be empty",
  "duplicate-name": "repeats an earlier name",
  "unknown-grade": "must be a grade of the plan",
  "too-many-grades": `may have at most ${planLimits.grades} grades`,
  "too-many-sections": `may have at most ${planLimits.sections} sections`,
  "too-many-rows": `may have at most ${planLimits.rows} rows`,
  "too-many-in-row": `may have at most ${planLimits.seatsOfRow} seats`,
  "too-many-seats": `may have at most ${planSeatsMax} seats in total`,
  "step-misses-the-last": "must lead from the first name to the last",
  "neither-seats-nor-places": "is required without places",
  "both-seats-and-places": "must not be given together with seats",
  "only-with-seats": "is allowed with seats only",
  "needed-for-seats": "is required for a seated section",
  "only-for-seats": "is allowed for a seated section only",
  "needed-for-standing": "is required for a standing section",
  "only-for-standing": "is allowed for a standing section only",
  "too-many-seats-on-all-dates": `may have at most ${seatsMax} seats on all dates together`,
  "not-a-coordinate": `must be a number of metres from -${planLimits.coordinate} to ${planLimits.coordinate}`,
} as const satisfies Record<ViolationRule, string>;

const ranges = new Map<string, { readonly min: number; readonly max: number }>(
  Object.entries({ ...policyRanges, ...transferRanges, ...refundRanges }),
);

const rangeOf = (pointer: string): string => {
  const name = pointer.slice(pointer.lastIndexOf("/") + 1);
  const range = ranges.get(name);
  if (range !== undefined) return `: ${range.min} to ${range.max}`;
  if (name === "price") return `: 1 to ${priceMax}`;
  return name === "capacity" ? `: 1 to ${planSeatsMax}` : "";
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

export const versionConflict = (version: number): Problem => ({
  problem: "VERSION_CONFLICT",
  detail: `The concert has the version ${version} now.`,
});

export const closedForGood: Problem = {
  problem: "QUEUE_NOT_OPEN",
  detail: "The queue is closed for good.",
};
