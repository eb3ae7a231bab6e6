import type { InstantMs } from "#kernel/instant.ts";
import type { Violation } from "./violation.ts";

export type Mode = "fifo" | "lottery";

/**
 * The whole-number settings with their ranges, both ends included, and the value of a new concert.
 *
 * - maxActive: 0 would be a pause in disguise, so it starts at 1; a cap below the number of people
 *   who are ACTIVE is fine and admits nobody until enough of them are done
 * - admissionsPerMinute: likewise from 1
 * - times: up to a day
 * - maxSeatsPerUser: over all dates; maxSeatsPerReservation: a date has 50 seats
 */
export const policyRanges = {
  maxActive: { min: 1, max: 1_000_000, initial: 200 },
  admissionsPerMinute: { min: 1, max: 1_000_000, initial: 600 },
  shoppersPerSeat: { min: 1, max: 1_000, initial: 2 },
  sessionSeconds: { min: 1, max: 86_400, initial: 600 },
  claimSeconds: { min: 1, max: 86_400, initial: 60 },
  holdSeconds: { min: 1, max: 86_400, initial: 300 },
  maxSeatsPerUser: { min: 1, max: 1_000, initial: 4 },
  maxSeatsPerReservation: { min: 1, max: 50, initial: 4 },
} as const;

export type PolicyNumber = keyof typeof policyRanges;

export const policyNumbers = Object.keys(policyRanges) as readonly PolicyNumber[];

/** The operator's rules of one sale. */
export interface Policy extends Readonly<Record<PolicyNumber, number>> {
  readonly mode: Mode;
  /** fifo: when the queue opens; lottery: when its lobby does. */
  readonly opensAtMs: InstantMs;
  /** Lottery: when the lobby closes and the draw is done; fifo: null. */
  readonly admitsAtMs: InstantMs | null;
}

/** The settings that a command names; what it leaves out stays, or is as for a new concert. */
export type PolicyInput = Partial<Policy>;

/** The last moment that RFC 3339 can spell: 9999-12-31T23:59:59.999Z. */
export const instantMsMax = 253_402_300_799_999;

const policyKeys = ["mode", "opensAtMs", "admitsAtMs", ...policyNumbers] as const;

/** The member's name in the contract, where instants are texts. */
const contractName = (key: (typeof policyKeys)[number]): string => key.replace(/AtMs$/, "At");

/** The policy of a new concert: what the input leaves out is as the contract says, opening now. */
export const initialPolicy = (input: PolicyInput, nowMs: InstantMs): Policy => {
  const numbers = Object.fromEntries(
    policyNumbers.map((key) => [key, input[key] ?? policyRanges[key].initial]),
  ) as Record<PolicyNumber, number>;
  return {
    mode: input.mode ?? "fifo",
    opensAtMs: input.opensAtMs ?? nowMs,
    admitsAtMs: input.admitsAtMs ?? null,
    ...numbers,
  };
};

/** Everything wrong with a policy in itself, in the order of its fields. */
export const policyViolations = (policy: Policy): readonly Violation[] => {
  const violations: Violation[] = [];
  const found = (name: string, rule: Violation["rule"]) =>
    violations.push({ pointer: `/${name}`, rule });
  violations.push(...instantViolations(policy));
  for (const key of policyNumbers) {
    const { min, max } = policyRanges[key];
    if (!Number.isInteger(policy[key])) found(key, "not-a-whole-number");
    else if (policy[key] < min || policy[key] > max) found(key, "out-of-range");
  }
  return violations;
};

const instantViolations = ({ mode, opensAtMs, admitsAtMs }: Policy): readonly Violation[] => {
  const violations: Violation[] = [];
  const found = (name: string, rule: Violation["rule"]) =>
    violations.push({ pointer: `/${name}`, rule });
  if (!isInstant(opensAtMs)) found("opensAt", "not-an-instant");
  if (admitsAtMs === null) {
    if (mode === "lottery") found("admitsAt", "needed-for-lottery");
  } else if (mode === "fifo") found("admitsAt", "only-for-lottery");
  else if (!isInstant(admitsAtMs)) found("admitsAt", "not-an-instant");
  else if (admitsAtMs <= opensAtMs) found("admitsAt", "not-after-opening");
  return violations;
};

/** Whether the number is a moment between 1970 and 9999. */
export const isInstant = (atMs: number): boolean =>
  Number.isInteger(atMs) && atMs >= 0 && atMs <= instantMsMax;

/** The policy after a change of the settings that the input names. */
export const changedPolicy = (current: Policy, input: PolicyInput): Policy => ({
  ...current,
  ...input,
});

/** A change is in force on every instance within this time. */
export const inForceMs = 1_000;

/**
 * What may no longer change: mode and opening once open. The draw's moment moves while the lobby is
 * open too, later or earlier, since no place in it depends on that moment; but both the old and the new
 * one must be further away than a change needs to reach every instance, or one of them could draw while
 * another still takes entrants in.
 */
export const fixedViolations = (
  current: Policy,
  next: Policy,
  nowMs: InstantMs,
): readonly Violation[] => {
  const violations: Violation[] = [];
  const keep = (key: "mode" | "opensAtMs") => {
    if (current[key] !== next[key])
      violations.push({ pointer: `/${contractName(key)}`, rule: "fixed-once-open" });
  };
  if (nowMs >= current.opensAtMs) {
    keep("mode");
    keep("opensAtMs");
  }
  if (current.admitsAtMs === next.admitsAtMs) return violations;
  const isNear = (atMs: InstantMs | null) => atMs !== null && atMs < nowMs + inForceMs;
  if (isNear(current.admitsAtMs))
    violations.push({ pointer: "/admitsAt", rule: "fixed-near-draw" });
  else if (isNear(next.admitsAtMs))
    violations.push({ pointer: "/admitsAt", rule: "draw-too-soon" });
  return violations;
};

/** The old and new values of exactly the settings that differ, or null when none does. */
export const policyDifference = (
  before: Policy,
  after: Policy,
): { readonly before: PolicyInput; readonly after: PolicyInput } | null => {
  const differing = policyKeys.filter((key) => before[key] !== after[key]);
  if (differing.length === 0) return null;
  const part = (policy: Policy): PolicyInput =>
    Object.fromEntries(differing.map((key) => [key, policy[key]]));
  return { before: part(before), after: part(after) };
};
