import type { ConcertId } from "#kernel/ids.ts";
import type { Concert } from "../domain/concert.ts";
import type { Fault } from "../domain/fault.ts";
import { outlook, type Outlook, type Present } from "../domain/outlook.ts";
import {
  changedPolicy,
  fixedFaults,
  type Policy,
  policyFaults,
  type PolicyWish,
} from "../domain/policy.ts";
import type { ConcertRecords } from "../ports/concert-records.ts";
import type { LivePace, ReadPace } from "../ports/live.ts";
import type { KnownConcerts } from "./known-concerts.ts";

export interface PreviewPolicyDeps {
  readonly records: Pick<ConcertRecords, "nowMs">;
  readonly known: Pick<KnownConcerts, "find">;
  readonly pace: ReadPace;
}

export interface PreviewPolicy {
  readonly concertId: ConcertId;
  readonly wish: PolicyWish;
}

export interface PolicyPreview {
  readonly concert: Concert;
  /** What was measured, or null, and what it was taken for. */
  readonly pace: LivePace;
  /** How the queue goes on as things stand, and how it would under the wish. */
  readonly now: Outlook & { readonly turnSeconds: number };
  readonly changed: Outlook & { readonly turnSeconds: number };
}

export type PreviewPolicyOutcome =
  | { readonly kind: "no-such-concert" }
  | { readonly kind: "faulty"; readonly faults: readonly Fault[] }
  /** Closed is final. */
  | { readonly kind: "closed" }
  | { readonly kind: "previewed"; readonly preview: PolicyPreview };

/**
 * Nobody stays longer than session and hold allow; where nothing was measured, everybody is taken to
 * use the whole session, so that the preview errs on the long side.
 */
const turnSecondsUnder = (measured: number | null, policy: Policy): number => {
  const longest = policy.sessionSeconds + policy.holdSeconds;
  return Math.max(0.1, Math.min(measured ?? policy.sessionSeconds, longest));
};

const look = (pace: LivePace, policy: Policy) => {
  const turnSeconds = turnSecondsUnder(pace.turnSeconds, policy);
  const present: Present = { ...pace, turnSeconds };
  return { ...outlook(present, policy), turnSeconds };
};

/**
 * What a change of the policy would do to the wait of those who stand in the queue. Changes nothing and is
 * not audited.
 *
 * Outcomes, first that applies, as the change itself would be judged:
 * - `no-such-concert`
 * - `faulty`     every fault of the policy as it would be, and what may no longer change
 * - `closed`     nobody waits any more
 * - `previewed`
 *
 * Throws Unavailable when either store is away.
 */
export const previewPolicy =
  (deps: PreviewPolicyDeps) =>
  async ({ concertId, wish }: PreviewPolicy): Promise<PreviewPolicyOutcome> => {
    const concert = await deps.known.find(concertId);
    if (concert === null) return { kind: "no-such-concert" };
    const policy = changedPolicy(concert.policy, wish);
    const nowMs = await deps.records.nowMs();
    const faults = [...policyFaults(policy), ...fixedFaults(concert.policy, policy, nowMs)];
    if (faults.length > 0) return { kind: "faulty", faults };
    if (concert.closedAtMs !== null) return { kind: "closed" };
    const pace = await deps.pace(concertId);
    const preview = { concert, pace, now: look(pace, concert.policy), changed: look(pace, policy) };
    return { kind: "previewed", preview };
  };
