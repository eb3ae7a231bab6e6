import type { Intent } from "#kernel/idempotency.ts";
import type { ConcertCancelled } from "../domain/commands.ts";
import type {
  OperatorRefund,
  OperatorRefunded,
  OperatorRefundOutcome,
} from "../domain/decide-refund.ts";
import type { RefundKeyUse, Refunds } from "../ports/refunds.ts";
import type { SeatingPlans } from "../ports/seating-plans.ts";

/** Tickets of a concert by ids, or all that the concert has. */
export interface RefundForOperator extends Omit<OperatorRefund, "named"> {
  readonly named: OperatorRefund["named"] | "all";
  readonly intent: Intent;
}

export interface RefundForOperatorDeps {
  readonly refunds: Refunds;
  readonly plans: SeatingPlans;
  monotonicMs(): number;
}

export type RefundForOperatorOutcome =
  | { readonly kind: "concert-not-found" }
  | RefundKeyUse
  | OperatorRefundOutcome
  /** Time was up before all tickets were refunded; a repeat with the same key goes on. */
  | (Omit<OperatorRefunded, "kind"> & { readonly kind: "refunded-in-part" });

/** Tickets in one transaction: as many as the ids of a request. */
const batchMax = 100;
/** Less than the time in which the route answers. */
const workMs = 15_000;

/**
 * Refunds tickets of the concert in full, at most `limit`, in one transaction. Null: none is left;
 * `concert-cancelled` unless it is for a cancelled one. Concurrent calls,
 * also on other instances, refund each ticket once.
 */
export const refundSome =
  ({ refunds }: Pick<RefundForOperatorDeps, "refunds">) =>
  async (
    note: Omit<OperatorRefund, "named">,
    limit = batchMax,
  ): Promise<OperatorRefunded | ConcertCancelled | null> => {
    const ticketIds = await refunds.open(note.concertId, limit);
    if (ticketIds.length === 0) return null;
    const outcome = await refunds.byOperator({ ...note, named: { ticketIds } }, null);
    if (outcome.kind === "refunded-in-full" || outcome.kind === "concert-cancelled") return outcome;
    // Another request has refunded all of them since they were read.
    return { kind: "refunded-in-full", refunds: [], tickets: 0, amount: 0 };
  };

const refundAll = async (
  deps: RefundForOperatorDeps,
  { named: _, intent, ...note }: RefundForOperator,
): Promise<RefundForOperatorOutcome> => {
  const { actor, concertId } = note;
  const earlier = await deps.refunds.findKeyUse(actor, intent);
  if (earlier !== null) return earlier;
  const untilMs = deps.monotonicMs() + workMs;
  const total = { refunds: [], tickets: 0, amount: 0 };
  while (deps.monotonicMs() < untilMs) {
    const some = await refundSome(deps)(note);
    if (some === null) {
      const answer = { kind: "refunded-in-full", ...total } as const;
      return deps.refunds.storeAnswer(actor, intent, concertId, answer);
    }
    if (some.kind === "concert-cancelled") return some;
    total.tickets += some.tickets;
    total.amount += some.amount;
  }
  return { kind: "refunded-in-part", ...total };
};

/**
 * Refunds tickets in full for an operator. Those that ids name are one transaction. All tickets of a concert are many:
 * each is one step that stays done, and the key is used up by the last.
 *
 * Outcomes, first that applies: `concert-not-found`; `replayed`, `key-reused`; then as `decideOperatorRefund`, or
 * `refunded-in-part`. Throws Unavailable.
 */
export const refundForOperator =
  (deps: RefundForOperatorDeps) =>
  async (command: RefundForOperator): Promise<RefundForOperatorOutcome> => {
    if ((await deps.plans.find(command.concertId)) === null) return { kind: "concert-not-found" };
    const { named, intent, ...note } = command;
    return named === "all"
      ? refundAll(deps, command)
      : deps.refunds.byOperator({ ...note, named }, intent);
  };
