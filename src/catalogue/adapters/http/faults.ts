import { malformedRequest } from "#platform/http/refusal.ts";
import type { Problem } from "#platform/http/route.ts";
import { datesMax } from "../../domain/concert-plan.ts";
import type { Fault, FaultRule } from "../../domain/fault.ts";
import { priceMax, seatNumberMax } from "../../domain/hall.ts";
import { inForceMs, type PolicyNumber, policyRanges } from "../../domain/policy.ts";

const words = {
  "out-of-range": "is out of range",
  "not-a-whole-number": "must be a whole number",
  "fixed-once-open": "can no longer change: the queue has opened",
  "fixed-near-draw": `can no longer change: the draw is done or less than ${inForceMs} ms away`,
  "draw-too-soon": `must be at least ${inForceMs} ms from now, so that every instance knows it in time`,
  "needed-for-lottery": "is needed for a lottery",
  "only-for-lottery": "is for a lottery only",
  "not-after-opening": "must be after opensAt",
  "not-an-instant": "must be an RFC 3339 time from 1970 to 9999",
  "not-a-text": "must be text of the length allowed, without control characters",
  "unknown-time-zone": "must be an IANA time zone, like Asia/Seoul",
  "impossible-date": "must be a date of the calendar from 1970 to 9999, YYYY-MM-DD",
  "doubled-date": "is there twice",
  "not-on-its-date": "must lie on the show's date in the concert's time zone",
  "no-dates": "must name at least one date",
  "too-many-dates": `may name at most ${datesMax} dates`,
  "neither-price-nor-grades": "price or grades must be given",
  "both-price-and-grades": "price and grades exclude each other",
  "doubled-grade": "names a grade that an earlier one names",
  "seats-outside-the-hall": `must lie between 1 and ${seatNumberMax}`,
  "seats-turned-round": "must go from the lower number to the higher",
  "seats-in-two-grades": "has seats that an earlier grade has",
  "seats-without-a-grade": `must cover all seats from 1 to ${seatNumberMax}`,
} as const satisfies Record<FaultRule, string>;

const isPolicyNumber = (name: string): name is PolicyNumber => Object.hasOwn(policyRanges, name);

const rangeOf = (pointer: string): string => {
  const name = pointer.slice(pointer.lastIndexOf("/") + 1);
  if (isPolicyNumber(name)) return `: ${policyRanges[name].min} to ${policyRanges[name].max}`;
  return name === "price" ? `: 1 to ${priceMax}` : "";
};

const wordsOf = ({ pointer, rule }: Fault): string =>
  rule === "out-of-range" ? words[rule] + rangeOf(pointer) : words[rule];

/** The refusal that names every fault; `detail` tells the first. */
export const invalid = (faults: readonly Fault[]): Problem =>
  malformedRequest(faults.map((fault) => ({ pointer: fault.pointer, message: wordsOf(fault) })));

/** The refusal of a cursor that the list has not given out. */
export const strangeCursor: Problem = malformedRequest([
  { pointer: "/query/cursor", message: "is no nextCursor of this list" },
]);
