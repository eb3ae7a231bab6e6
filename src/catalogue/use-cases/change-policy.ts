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

type Verdict =
  | { readonly kind: "invalid"; readonly violations: readonly Violation[] }
  | { readonly kind: "closed" }
  | { readonly kind: "applied" };

export type ChangePolicyOutcome =
  | { readonly kind: "concert-not-found" }
  | { readonly kind: "invalid"; readonly violations: readonly Violation[] }
  /** Closed is final. */
  | { readonly kind: "closed" }
  /** The concert as it stands with the input fulfilled. */
  | { readonly kind: "applied"; readonly concert: Concert };

const judge = (
  deps: ChangePolicyDeps,
  command: ChangePolicy,
  current: SaleSettings,
  nowMs: InstantMs,
): Decision<Verdict> => {
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
 * Changes the settings that the input names; the others stay.
 *
 * Outcomes, first that applies:
 * - `concert-not-found`
 * - `invalid`  every fault of the policy as it would be, and what may no longer change
 * - `closed`  it would change something, and the sale is closed
 * - `applied`  in force on this instance at once and on every other within 1 s; an input that changes
 *             nothing leaves no note
 *
 * Atomic under the concert's row lock, audited in the same transaction; of two at once the later
 * decides on what the earlier left. Throws Unavailable.
 */
export const changePolicy =
  (deps: ChangePolicyDeps) =>
  async (command: ChangePolicy): Promise<ChangePolicyOutcome> => {
    const concert = await deps.cache.find(command.concertId);
    if (concert === null) return { kind: "concert-not-found" };
    const changed = await deps.records.change(command.concertId, (current, nowMs) =>
      judge(deps, command, current, nowMs),
    );
    if (changed === null) return { kind: "concert-not-found" };
    deps.cache.putSettings(command.concertId, changed.settings);
    return changed.outcome.kind === "applied"
      ? { kind: "applied", concert: { ...concert, ...changed.settings } }
      : changed.outcome;
  };
