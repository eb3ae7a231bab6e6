import type { InstantMs } from "#kernel/instant.ts";

/** A hold that lapsed, or that its user cancelled. `atMs`: when. */
export interface UnpaidHold {
  readonly atMs: InstantMs;
  readonly how: "cancelled" | "lapsed";
}

/** The operator's limits of holds that are not paid. 0: no limit. */
export interface HoldPolicy {
  /** Lapsed and cancelled holds of a user in a concert within an hour; with so many, no further hold. */
  readonly holdsPerUser: number;
  /** The time after a lapsed hold in which the user gets no further hold. */
  readonly holdCooldownSeconds: number;
}

/** A hold that ended longer ago counts for neither limit. */
const windowMs = 3_600_000;
/** The highest limit: more unpaid holds need not be remembered. */
export const unpaidHoldsMax = 100;

/** The unpaid holds that may still count, oldest first, with one more. */
export const withUnpaidHold = (
  earlier: readonly UnpaidHold[],
  last: UnpaidHold,
): readonly UnpaidHold[] =>
  [...earlier.filter(({ atMs }) => atMs > last.atMs - windowMs), last].slice(-unpaidHoldsMax);

/**
 * When a user with these unpaid holds may hold seats again; null: now.
 *
 * - Of the last hour at most `holdsPerUser` count, so the oldest of them must become older.
 * - After a lapse `holdCooldownSeconds` must pass. A cancelled hold was given back, so it has no cooldown.
 */
export const mayHoldFromMs = (
  { holdsPerUser, holdCooldownSeconds }: HoldPolicy,
  unpaid: readonly UnpaidHold[],
  nowMs: InstantMs,
): InstantMs | null => {
  const deciding = holdsPerUser === 0 ? undefined : unpaid.at(-holdsPerUser);
  const lapse = unpaid.findLast(({ how }) => how === "lapsed");
  const fromMs = Math.max(
    deciding === undefined ? 0 : deciding.atMs + windowMs,
    lapse === undefined ? 0 : lapse.atMs + holdCooldownSeconds * 1000,
  );
  return fromMs > nowMs ? fromMs : null;
};
