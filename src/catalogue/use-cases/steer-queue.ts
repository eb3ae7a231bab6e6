import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Concert, SaleSettings } from "../domain/concert.ts";
import { publishedSwitches } from "../domain/published.ts";
import { controlQueue, type QueueControl, type QueueSwitches } from "../domain/queue-control.ts";
import type { AuditAction, ConcertRecords, Decision } from "../ports/concert-records.ts";
import type { KnownConcerts } from "./known-concerts.ts";

export interface SteerQueueDeps {
  readonly records: Pick<ConcertRecords, "change">;
  readonly known: Pick<KnownConcerts, "find" | "learnSettings">;
}

export interface SteerQueue {
  readonly actor: string;
  readonly concertId: ConcertId;
  readonly control: QueueControl;
}

export type SteerQueueOutcome =
  | { readonly kind: "no-such-concert" }
  /** Closed is final: neither paused nor resumed. */
  | { readonly kind: "closed" }
  | { readonly kind: "stands"; readonly concert: Concert };

const actions = {
  pause: "queue.paused",
  resume: "queue.resumed",
  close: "queue.closed",
} as const satisfies Record<QueueControl["kind"], AuditAction>;

const switchesOf = (settings: SaleSettings): QueueSwitches => ({
  pausedAtMs: settings.pausedAtMs,
  resumedAtMs: settings.resumedAtMs,
  rampSeconds: settings.rampSeconds,
  closedAtMs: settings.closedAtMs,
});

const judge = (
  { actor, control }: SteerQueue,
  current: SaleSettings,
  nowMs: InstantMs,
): Decision<"closed" | "stands"> => {
  const before = switchesOf(current);
  const outcome = controlQueue(before, control, nowMs);
  if (outcome.kind === "closed") return { outcome: "closed", save: null };
  if (outcome.kind === "unchanged") return { outcome: "stands", save: null };
  return {
    outcome: "stands",
    save: {
      settings: { ...current, ...outcome.switches },
      note: {
        actor,
        action: actions[control.kind],
        before: publishedSwitches(before),
        after: publishedSwitches(outcome.switches),
      },
    },
  };
};

/**
 * Pauses, resumes or closes a queue.
 *
 * Outcomes, first that applies:
 * - `no-such-concert`
 * - `closed`  a pause or resume of a queue that is closed
 * - `stands`  as wanted; when it stood so already, nothing is changed and no note is left
 *
 * In force on this instance at once and on every other within 1 s. Atomic under the concert's row
 * lock, audited in the same transaction. Throws Unavailable.
 */
export const steerQueue =
  (deps: SteerQueueDeps) =>
  async (command: SteerQueue): Promise<SteerQueueOutcome> => {
    const concert = await deps.known.find(command.concertId);
    if (concert === null) return { kind: "no-such-concert" };
    const changed = await deps.records.change(command.concertId, (current, nowMs) =>
      judge(command, current, nowMs),
    );
    if (changed === null) return { kind: "no-such-concert" };
    deps.known.learnSettings(command.concertId, changed.settings);
    return changed.outcome === "closed"
      ? { kind: "closed" }
      : { kind: "stands", concert: { ...concert, ...changed.settings } };
  };
