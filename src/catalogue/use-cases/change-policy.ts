import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Concert, SaleSettings } from "../domain/concert.ts";
import type { Violation } from "../domain/violation.ts";
import {
  changedPolicy,
  fixedViolations,
  policyDifference,
  policyViolations,
  type PolicyInput,
} from "../domain/policy.ts";
import { publishedPolicy } from "../domain/published.ts";
import type { ConcertRecords, Decision } from "../ports/concert-records.ts";
import type { ConcertCache } from "../ports/concert-cache.ts";

export interface ChangePolicyDeps {
  readonly records: Pick<ConcertRecords, "change">;
  readonly cache: Pick<ConcertCache, "find" | "putSettings">;
  /** 32 random bytes in hex. */
  readonly mintSeed: () => string;
}

export interface ChangePolicy {
  readonly actor: string;
  readonly concertId: ConcertId;
  readonly input: PolicyInput;
}

type DecisionOutcome =
  | { readonly kind: "invalid"; readonly violations: readonly Violation[] }
  | { readonly kind: "closed" }
  | { readonly kind: "applied" };

export type ChangePolicyOutcome =
  | { readonly kind: "concert-not-found" }
  | { readonly kind: "invalid"; readonly violations: readonly Violation[] }
  | { readonly kind: "closed" }
  /** The concert after the change. */
  | { readonly kind: "applied"; readonly concert: Concert };

const decide = (
  deps: ChangePolicyDeps,
  command: ChangePolicy,
  current: SaleSettings,
  nowMs: InstantMs,
): Decision<DecisionOutcome> => {
  const policy = changedPolicy(current.policy, command.input);
  const violations = [
    ...policyViolations(policy),
    ...fixedViolations(current.policy, policy, nowMs),
  ];
  if (violations.length > 0) return { outcome: { kind: "invalid", violations }, save: null };
  const difference = policyDifference(current.policy, policy);
  if (difference === null) return { outcome: { kind: "applied" }, save: null };
  if (current.closedAtMs !== null) return { outcome: { kind: "closed" }, save: null };
  const drawSeed =
    policy.mode === "lottery" ? (current.drawSeed ?? deps.mintSeed()) : current.drawSeed;
  return {
    outcome: { kind: "applied" },
    save: {
      settings: { ...current, policy, drawSeed },
      note: {
        actor: command.actor,
        action: "policy.changed",
        before: publishedPolicy(difference.before),
        after: publishedPolicy(difference.after),
      },
    },
  };
};

/**
 * Changes the settings of the input and keeps the others.
 *
 * Outcomes, first that applies:
 * - `concert-not-found`
 * - `invalid`  every violation of the changed policy, and every setting that may no longer change
 * - `closed`   the input would change a setting, and the queue is closed
 * - `applied`  in force on this instance at once and on every other within 1,000 ms; an input that
 *              changes nothing is not audited
 *
 * Throws Unavailable.
 * Atomicity: one transaction under the lock of the concert's row, with the audit entry. Of two
 * concurrent changes the later one starts from the result of the earlier one.
 */
export const changePolicy =
  (deps: ChangePolicyDeps) =>
  async (command: ChangePolicy): Promise<ChangePolicyOutcome> => {
    const concert = await deps.cache.find(command.concertId);
    if (concert === null) return { kind: "concert-not-found" };
    const changed = await deps.records.change(command.concertId, (current, nowMs) =>
      decide(deps, command, current, nowMs),
    );
    if (changed === null) return { kind: "concert-not-found" };
    deps.cache.putSettings(command.concertId, changed.settings);
    return changed.outcome.kind === "applied"
      ? { kind: "applied", concert: { ...concert, ...changed.settings } }
      : changed.outcome;
  };
