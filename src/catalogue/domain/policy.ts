import type { InstantMs } from "#kernel/instant.ts";
import type { Violation } from "./violation.ts";

export type Mode = "fifo" | "lottery";

/**
 * The whole-number settings with their ranges, both ends included, and the value of a new concert.
 *
 * - maxActive: at least 1, because 0 would be a second way to pause. A value below the number of ACTIVE
 *   users is valid; it stops admission until that number has fallen below it.
 * - admissionsPerMinute: at least 1, for the same reason
 * - settings in seconds: at most a day
 * - maxSeatsPerUser: over all dates
 * - maxSeatsPerReservation: at most the 50 seats of a date
 * - holdsPerUser, holdCooldownSeconds, idleSeconds: 0 means off. The sale remembers 100 ended holds of the
 *   last hour for each user, so the first two go no further.
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
  holdsPerUser: { min: 0, max: 100, initial: 0 },
  holdCooldownSeconds: { min: 0, max: 3_600, initial: 0 },
  idleSeconds: { min: 0, max: 86_400, initial: 0 },
} as const;

export type PolicyNumber = keyof typeof policyRanges;

export const policyNumbers = Object.keys(policyRanges) as readonly PolicyNumber[];

/** The settings of one sale. */
export interface Policy extends Readonly<Record<PolicyNumber, number>> {
  readonly mode: Mode;
  /** fifo: the queue opens; lottery: the lobby opens. */
  readonly opensAtMs: InstantMs;
  /** Lottery: the lobby closes and the draw runs; fifo: null. */
  readonly admitsAtMs: InstantMs | null;
}

/** The numbers of a new concert. A stored policy that is older than a setting has its initial value. */
export const initialNumbers = Object.fromEntries(
  policyNumbers.map((key) => [key, policyRanges[key].initial]),
) as Readonly<Record<PolicyNumber, number>>;

/** Some settings. A setting that is left out keeps its value; in a new concert it gets the initial one. */
export type PolicyInput = Partial<Policy>;

/** The last instant that RFC 3339 can express: 9999-12-31T23:59:59.999Z. */
export const instantMsMax = 253_402_300_799_999;

const policyKeys = ["mode", "opensAtMs", "admitsAtMs", ...policyNumbers] as const;

/** The name of the member in the HTTP API, where an instant is a text. */
const contractName = (key: (typeof policyKeys)[number]): string => key.replace(/AtMs$/, "At");

/** The policy of a new concert. A setting that the input leaves out gets its initial value; `opensAtMs` is now. */
export const initialPolicy = (input: PolicyInput, nowMs: InstantMs): Policy => {
  return {
    ...initialNumbers,
    ...input,
    mode: input.mode ?? "fifo",
    opensAtMs: input.opensAtMs ?? nowMs,
    admitsAtMs: input.admitsAtMs ?? null,
  };
};

/** Every violation within the policy, in the order of its members. */
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

/** Whether the number is an instant from 1970 to 9999. */
export const isInstant = (atMs: number): boolean =>
  Number.isInteger(atMs) && atMs >= 0 && atMs <= instantMsMax;

/** The policy with the settings of the input in place. */
export const changedPolicy = (current: Policy, input: PolicyInput): Policy => ({
  ...current,
  ...input,
});

/** Every instance applies a change within this time. */
export const inForceMs = 1_000;

/**
 * Violations of what may no longer change:
 * - `mode` and `opensAtMs` are fixed once the queue is open
 * - `admitsAtMs` may move while the lobby is open, because no place in it depends on that instant. The
 *   old and the new value must both be at least `inForceMs` away: otherwise one instance could draw while
 *   another still accepts users into the lobby.
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

/** The old and new values of the settings that differ, or null when all are equal. */
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
