import type { Clock } from "#kernel/instant.ts";
import type { ConcertId, UserId } from "#kernel/ids.ts";
import { finalState, joinRefusal, stateAt, type JoinRefusal } from "../domain/queue-state.ts";
import type { StoreJoin, LobbyTerms } from "../ports/queue-store.ts";
import type { QueueSchedule, Sales } from "../ports/sales.ts";
import { queueStatus, type QueueStatus, type StatusDeps } from "../presenters/queue-status.ts";

export interface JoinQueue {
  readonly concertId: ConcertId;
  readonly userId: UserId;
}

export type JoinQueueOutcome =
  | { readonly kind: "unknown-concert" }
  | { readonly kind: JoinRefusal }
  | { readonly kind: "in-queue"; readonly isNew: boolean; readonly status: QueueStatus };

export interface JoinQueueDeps extends StatusDeps {
  readonly sales: Pick<Sales, "find" | "stock">;
  readonly join: StoreJoin;
  readonly clock: Clock;
  /** The terms under which a user joins a lottery; undefined in fifo. */
  readonly lobbyTerms: (schedule: QueueSchedule, userId: UserId) => LobbyTerms | undefined;
}

/**
 * Gives a user one place in a concert's queue, on any device and however often the user asks.
 *
 * Outcomes, first that applies:
 * - `unknown-concert`
 * - `in-queue`, not new   the live place that the user has; once the sale is over, only an ACTIVE one
 * - `QUEUE_NOT_OPEN`      before `opensAt` by the store's clock, or the queue is closed
 * - `SALE_ENDED`          every date has begun
 * - `SOLD_OUT`            no seat is free and none is held
 * - `in-queue`, new       behind every place that was answered before this request arrived; in the lobby
 *                         of a lottery, ordered by the user's draw value
 *
 * Throws Unavailable, also when a lost queue is not rebuilt within 2.4 s. Cost: one atomic store step,
 * O(log n), shared by the callers of one event-loop turn.
 */
export const joinQueue =
  (deps: JoinQueueDeps) =>
  async ({ concertId, userId }: JoinQueue): Promise<JoinQueueOutcome> => {
    const schedule = await deps.sales.find(concertId);
    if (schedule === null) return { kind: "unknown-concert" };
    const stock = await deps.sales.stock(concertId);
    const state = stateAt(schedule, stock, deps.clock.nowMs());
    const joined = await deps.join(concertId, userId, {
      opensAtMs: schedule.policy.opensAtMs,
      final: finalState(state) !== null,
      lobby: deps.lobbyTerms(schedule, userId),
    });
    switch (joined.kind) {
      case "not-open":
        return { kind: "QUEUE_NOT_OPEN" };
      case "over":
        return { kind: joinRefusal(state) ?? "QUEUE_NOT_OPEN" };
      case "in-queue": {
        const { isNew, snapshot, status } = joined;
        const found = { ...snapshot, status };
        const { place } = status;
        const seen = { userId, place, found, schedule, stock, shown: null };
        return { kind: "in-queue", isNew, status: queueStatus(deps, seen) };
      }
    }
  };
