import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Concert, SaleSettings } from "../domain/concert.ts";
import { publishedControlState } from "../domain/published.ts";
import { applyControl, type QueueControl } from "../domain/queue-control.ts";
import type { AuditAction, ConcertRecords, Decision } from "../ports/concert-records.ts";
import type { ConcertCache } from "../ports/concert-cache.ts";

export interface ControlQueueDeps {
  readonly records: Pick<ConcertRecords, "change">;
  readonly cache: Pick<ConcertCache, "find" | "putSettings">;
}

export interface ControlQueue {
  readonly actor: string;
  readonly concertId: ConcertId;
  readonly control: QueueControl;
}

export type ControlQueueOutcome =
  | { readonly kind: "concert-not-found" }
  /** A closed queue can be neither paused nor resumed. */
  | { readonly kind: "closed" }
  | { readonly kind: "applied"; readonly concert: Concert };

const actions = {
  pause: "queue.paused",
  resume: "queue.resumed",
  close: "queue.closed",
  cancel: "concert.cancelled",
} as const satisfies Record<QueueControl["kind"], AuditAction>;

const decide = (
  { actor, control }: ControlQueue,
  current: SaleSettings,
  nowMs: InstantMs,
): Decision<"closed" | "applied"> => {
  const outcome = applyControl(current, control, nowMs);
  if (outcome.kind === "closed") return { outcome: "closed", save: null };
  if (outcome.kind === "unchanged") return { outcome: "applied", save: null };
  return {
    outcome: "applied",
    save: {
      settings: { ...current, ...outcome.state },
      note: {
        actor,
        action: actions[control.kind],
        before: publishedControlState(current),
        after: {
          ...publishedControlState(outcome.state),
          ...(control.kind === "cancel" ? { reason: control.reason } : {}),
        },
      },
    },
  };
};

/**
 * Pauses, resumes or closes a queue, or cancels the concert.
 *
 * Outcomes, first that applies:
 * - `concert-not-found`
 * - `closed`   a pause or resume of a closed queue
 * - `applied`  in force on this instance at once and on every other within 1,000 ms; a control that
 *              changes nothing is not audited
 *
 * Throws Unavailable.
 * Atomicity: one transaction under the lock of the concert's row, with the audit entry. Cancelling first waits until no
 * transaction sells or admits in the concert; each later one finds the concert cancelled.
 */
export const controlQueue =
  (deps: ControlQueueDeps) =>
  async (command: ControlQueue): Promise<ControlQueueOutcome> => {
    const concert = await deps.cache.find(command.concertId);
    if (concert === null) return { kind: "concert-not-found" };
    const changed = await deps.records.change(
      command.concertId,
      (current, nowMs) => decide(command, current, nowMs),
      { cancels: command.control.kind === "cancel" },
    );
    if (changed === null) return { kind: "concert-not-found" };
    deps.cache.putSettings(command.concertId, changed.settings);
    return changed.outcome === "closed"
      ? { kind: "closed" }
      : { kind: "applied", concert: { ...concert, ...changed.settings } };
  };
