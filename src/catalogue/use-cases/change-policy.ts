import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Concert, SaleSettings } from "../domain/concert.ts";
import type { Fault } from "../domain/fault.ts";
import {
  changedPolicy,
  fixedFaults,
  policyDifference,
  policyFaults,
  type PolicyWish,
} from "../domain/policy.ts";
import { publishedPolicy } from "../domain/published.ts";
import type { ConcertRecords, Decision } from "../ports/concert-records.ts";
import type { KnownConcerts } from "./known-concerts.ts";

export interface ChangePolicyDeps {
  readonly records: Pick<ConcertRecords, "change">;
  readonly known: Pick<KnownConcerts, "find" | "learnSettings">;
  /** 32 random bytes in hex. */
  readonly mintSeed: () => string;
}

export interface ChangePolicy {
  readonly actor: string;
  readonly concertId: ConcertId;
  readonly wish: PolicyWish;
}

type Verdict =
  | { readonly kind: "faulty"; readonly faults: readonly Fault[] }
  | { readonly kind: "closed" }
  | { readonly kind: "stands" };

export type ChangePolicyOutcome =
  | { readonly kind: "no-such-concert" }
  | { readonly kind: "faulty"; readonly faults: readonly Fault[] }
  /** Closed is final. */
  | { readonly kind: "closed" }
  /** The concert as it stands with the wish fulfilled. */
  | { readonly kind: "stands"; readonly concert: Concert };

const judge = (
  deps: ChangePolicyDeps,
  command: ChangePolicy,
  current: SaleSettings,
  nowMs: InstantMs,
): Decision<Verdict> => {
  const policy = changedPolicy(current.policy, command.wish);
  const faults = [...policyFaults(policy), ...fixedFaults(current.policy, policy, nowMs)];
  if (faults.length > 0) return { outcome: { kind: "faulty", faults }, save: null };
  const difference = policyDifference(current.policy, policy);
  if (difference === null) return { outcome: { kind: "stands" }, save: null };
  if (current.closedAtMs !== null) return { outcome: { kind: "closed" }, save: null };
  const drawSeed =
    policy.mode === "lottery" ? (current.drawSeed ?? deps.mintSeed()) : current.drawSeed;
  return {
    outcome: { kind: "stands" },
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
 * Changes the settings that the wish names; the others stay.
 *
 * Outcomes, first that applies:
 * - `no-such-concert`
 * - `faulty`  every fault of the policy as it would be, and what may no longer change
 * - `closed`  it would change something, and the sale is closed
 * - `stands`  in force on this instance at once and on every other within 1 s; a wish that changes
 *             nothing leaves no note
 *
 * Atomic under the concert's row lock, audited in the same transaction; of two at once the later
 * decides on what the earlier left. Throws Unavailable.
 */
export const changePolicy =
  (deps: ChangePolicyDeps) =>
  async (command: ChangePolicy): Promise<ChangePolicyOutcome> => {
    const concert = await deps.known.find(command.concertId);
    if (concert === null) return { kind: "no-such-concert" };
    const changed = await deps.records.change(command.concertId, (current, nowMs) =>
      judge(deps, command, current, nowMs),
    );
    if (changed === null) return { kind: "no-such-concert" };
    deps.known.learnSettings(command.concertId, changed.settings);
    return changed.outcome.kind === "stands"
      ? { kind: "stands", concert: { ...concert, ...changed.settings } }
      : changed.outcome;
  };
