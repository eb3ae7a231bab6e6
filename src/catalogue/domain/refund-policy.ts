import type { RefundPolicy } from "#kernel/refund-policy.ts";
import type { Violation } from "./violation.ts";

/** The ranges of the rules for refunds, both ends included; `fees`: the number of entries. */
export const refundRanges = {
  until: { min: 0, max: 8_760 },
  fees: { min: 0, max: 20 },
  daysBefore: { min: 0, max: 365 },
  percent: { min: 0, max: 100 },
} as const;

/** Every violation within the rules for refunds, in the order of their members; null has none. */
export const refundViolations = (refunds: RefundPolicy | null): readonly Violation[] => {
  if (refunds === null) return [];
  const violations: Violation[] = [];
  const check = (pointer: string, name: keyof typeof refundRanges, value: number): void => {
    const { min, max } = refundRanges[name];
    if (!Number.isInteger(value)) violations.push({ pointer, rule: "not-a-whole-number" });
    else if (value < min || value > max) violations.push({ pointer, rule: "out-of-range" });
  };
  check("/refunds/until", "until", refunds.until);
  check("/refunds/fees", "fees", refunds.fees.length);
  const days = new Set<number>();
  for (const [index, { daysBefore, percent }] of refunds.fees.entries()) {
    const pointer = `/refunds/fees/${index}`;
    check(`${pointer}/daysBefore`, "daysBefore", daysBefore);
    check(`${pointer}/percent`, "percent", percent);
    if (days.has(daysBefore))
      violations.push({ pointer: `${pointer}/daysBefore`, rule: "duplicate-days" });
    days.add(daysBefore);
  }
  return violations;
};
