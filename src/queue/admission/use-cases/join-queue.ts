import type { ChallengeGate } from "#kernel/challenge.ts";
import type { Clock } from "#kernel/instant.ts";
import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { Stock } from "#kernel/stock.ts";
import {
  finalState,
  joinRefusal,
  stateAt,
  type FinalState,
  type JoinRefusal,
} from "../domain/queue-state.ts";
import type { StoreJoin, LobbyTerms } from "../ports/queue-store.ts";
import type { QueueSchedule, Sales } from "../ports/sales.ts";
import { readSale } from "./read-sale.ts";
import { queueStatus, type QueueStatus, type StatusDeps } from "../presenters/queue-status.ts";

export interface JoinQueue {
  readonly concertId: ConcertId;
  readonly userId: UserId;
  /** The client's answer to a challenge; without one, null. */
  readonly challengeResponse?: string | null;
}

export type JoinQueueOutcome =
  | { readonly kind: "unknown-concert" }
  | { readonly kind: "CHALLENGE_REQUIRED" }
  | { readonly kind: JoinRefusal }
  | { readonly kind: "in-queue"; readonly isNew: boolean; readonly status: QueueStatus };

export interface JoinQueueDeps extends StatusDeps {
  readonly sales: Pick<Sales, "find" | "stock">;
  readonly join: StoreJoin;
  readonly clock: Clock;
  /** Null: no challenge stands before a place. */
  readonly challenges: ChallengeGate | null;
  /** The final state that an instance may still take the queue for, though this one knows better; see `reopening`. */
  readonly recentEnd: (concertId: ConcertId) => FinalState | null;
  /** The terms under which a user joins a lottery; undefined in fifo. */
  readonly lobbyTerms: (schedule: QueueSchedule, userId: UserId) => LobbyTerms | undefined;
}

/** The final state by which a join is judged: the present one, or that of the last second; else null. */
const finalAtJoin = (
  { clock, recentEnd }: JoinQueueDeps,
  schedule: QueueSchedule,
  stock: Stock | null,
): FinalState | null =>
  finalState(stateAt(schedule, stock, clock.nowMs()), schedule.policy) ??
  recentEnd(schedule.concertId);

/** The outcome for a user who gets no place. */
const refusalOf = (
  kind: Exclude<Awaited<ReturnType<StoreJoin>>["kind"], "in-queue">,
  final: FinalState | null,
): JoinQueueOutcome => {
  switch (kind) {
    case "not-open":
      return { kind: "QUEUE_NOT_OPEN" };
    case "no-place":
      return { kind: "CHALLENGE_REQUIRED" };
    case "over":
      return { kind: (final && joinRefusal(final)) ?? "QUEUE_NOT_OPEN" };
  }
};

/**
 * Gives a user one place in a concert's queue, on any device and however often the user asks.
 *
 * Outcomes, first that applies:
 * - `unknown-concert`
 * - `in-queue`, not new   the live place that the user has; once the sale is over, only an ACTIVE one
 * - `QUEUE_NOT_OPEN`      before `opensAt` by the store's clock, or the queue is closed
 * - `SALE_ENDED`          every date has begun
 * - `SOLD_OUT`            no seat is free and none is held, or that was so within the last second; not with a
 *                         waiting list
 * - `CHALLENGE_REQUIRED`  the challenge is not answered. A user who has a live place needs no answer, so a
 *                         repeated request gets the place though its answer to the challenge is spent
 * - `in-queue`, new       behind every place that was answered before this request arrived; in the lobby
 *                         of a lottery, ordered by the user's draw value
 *
 * Throws Unavailable, also when a lost queue is not rebuilt within 2.4 s, and while the answer to a challenge
 * cannot be checked. Cost: one atomic store step, O(log n), shared by the callers of one event-loop turn; with
 * a challenge and without a place, its check and one more step.
 */
export const joinQueue =
  (deps: JoinQueueDeps) =>
  async ({ concertId, userId, challengeResponse = null }: JoinQueue): Promise<JoinQueueOutcome> => {
    const reading = readSale(deps.sales, concertId);
    const sale = reading instanceof Promise ? await reading : reading;
    if (sale === null) return { kind: "unknown-concert" };
    const { schedule, stock } = sale;
    const final = finalAtJoin(deps, schedule, stock);
    const { challenges } = deps;
    const terms = {
      opensAtMs: schedule.policy.opensAtMs,
      final: final !== null,
      lobby: deps.lobbyTerms(schedule, userId),
    };
    const findOnly = challenges !== null;
    let joined = await deps.join(concertId, userId, { ...terms, findOnly });
    if (joined.kind === "no-place" && challenges !== null) {
      const request = { kind: "join-queue", userId, concertId } as const;
      if (await challenges.passes(challengeResponse, request))
        joined = await deps.join(concertId, userId, terms);
    }
    if (joined.kind !== "in-queue") return refusalOf(joined.kind, final);
    const { isNew, snapshot, status } = joined;
    const found = { ...snapshot, status };
    const seen = { userId, place: status.place, found, schedule, stock, shown: null };
    return { kind: "in-queue", isNew, status: queueStatus(deps, seen) };
  };
