import type { InstantMs } from "#kernel/instant.ts";
import type { RefundPolicy } from "#kernel/refund-policy.ts";
import { refundViolations } from "./refund-policy.ts";
import type { Violation } from "./violation.ts";

export type Mode = "fifo" | "lottery";

/** Whether a choice of seats may leave a free seat without a free neighbour in its row. */
export type SingleSeats = "allowed" | "refused";

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

/** How the holders of a concert's tickets may pass them on to other users. */
export interface TransferRule {
  /** Hours before the show until which a ticket can be passed on. */
  readonly until: number;
  /** How often one ticket may be passed on. */
  readonly perTicket: number;
}

/** A ticket that is passed on raises its version, which its code has room for up to 65,535. */
export const transferRanges = {
  until: { min: 0, max: 8_760 },
  perTicket: { min: 1, max: 100 },
} as const;

/** The settings of one sale. */
export interface Policy extends Readonly<Record<PolicyNumber, number>> {
  readonly mode: Mode;
  /** The queue goes on as a waiting list once the sale is sold out. */
  readonly waitingList: boolean;
  /** fifo: the queue opens; lottery: the lobby opens. */
  readonly opensAtMs: InstantMs;
  /** Lottery: the lobby closes and the draw runs; fifo: null. */
  readonly admitsAtMs: InstantMs | null;
  readonly singleSeats: SingleSeats;
  /** Null: no ticket can be passed on. */
  readonly transfers: TransferRule | null;
  /** Null: buyers cannot refund their tickets. */
  readonly refunds: RefundPolicy | null;
}

const initialNumbers = Object.fromEntries(
  policyNumbers.map((key) => [key, policyRanges[key].initial]),
) as Readonly<Record<PolicyNumber, number>>;

/** The settings of a new concert without a schedule. A stored policy that is older than a setting has its value here. */
export const initialSettings: Readonly<Record<PolicyNumber, number>> &
  Pick<Policy, "waitingList" | "singleSeats" | "transfers" | "refunds"> = {
  ...initialNumbers,
  waitingList: false,
  singleSeats: "allowed",
  transfers: null,
  refunds: null,
};

/** Some settings. A setting that is left out keeps its value; in a new concert it gets the initial one. */
export type PolicyInput = Partial<Policy>;

/** The last instant that RFC 3339 can express: 9999-12-31T23:59:59.999Z. */
export const instantMsMax = 253_402_300_799_999;

const policyKeys = [
  "waitingList",
  ...(["mode", "opensAtMs", "admitsAtMs", "singleSeats", "transfers", "refunds"] as const),
  ...policyNumbers,
] as const;

/** The name of the member in the HTTP API, where an instant is a text. */
const contractName = (key: (typeof policyKeys)[number]): string => key.replace(/AtMs$/, "At");

/** The policy of a new concert. A setting that the input leaves out gets its initial value; `opensAtMs` is now. */
export const initialPolicy = (input: PolicyInput, nowMs: InstantMs): Policy => {
  return {
    ...initialSettings,
    ...input,
    mode: input.mode ?? "fifo",
    opensAtMs: input.opensAtMs ?? nowMs,
    admitsAtMs: input.admitsAtMs ?? null,
  };
};

/** Every violation within the policy, in the order of its members. */
export const policyViolations = (policy: Policy): readonly Violation[] => {
  return [
    ...instantViolations(policy),
    ...policyNumbers.flatMap((key) => rangeViolations(`/${key}`, policy[key], policyRanges[key])),
    ...transferViolations(policy.transfers),
    ...refundViolations(policy.refunds),
  ];
};

const rangeViolations = (
  pointer: string,
  value: number,
  { min, max }: { readonly min: number; readonly max: number },
): readonly Violation[] => {
  if (!Number.isInteger(value)) return [{ pointer, rule: "not-a-whole-number" }];
  return value < min || value > max ? [{ pointer, rule: "out-of-range" }] : [];
};

const transferViolations = (rule: TransferRule | null): readonly Violation[] =>
  rule === null
    ? []
    : (["until", "perTicket"] as const).flatMap((key) =>
        rangeViolations(`/transfers/${key}`, rule[key], transferRanges[key]),
      );

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

const isSame = (a: unknown, b: unknown): boolean => {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const [own, others] = [Object.entries(a), new Map(Object.entries(b))];
  return own.length === others.size && own.every(([key, value]) => isSame(value, others.get(key)));
};

/** The old and new values of the settings that differ, or null when all are equal. */
export const policyDifference = (
  before: Policy,
  after: Policy,
): { readonly before: PolicyInput; readonly after: PolicyInput } | null => {
  const differing = policyKeys.filter((key) => !isSame(before[key], after[key]));
  if (differing.length === 0) return null;
  const part = (policy: Policy): PolicyInput =>
    Object.fromEntries(differing.map((key) => [key, policy[key]]));
  return { before: part(before), after: part(after) };
};
