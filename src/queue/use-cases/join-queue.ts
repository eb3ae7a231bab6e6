import type { Clock } from "#kernel/instant.ts";
import type { ConcertId, UserId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { lobbyTerms, type Hmac } from "../domain/draw.ts";
import { finalState, joinRefusal } from "../domain/queue-state.ts";
import type { JoinResult, QueueStore } from "../ports/queue-store.ts";
import type { Sales } from "../ports/sales.ts";
import { queueStatus, type QueueStatus, type StatusDeps } from "./queue-status.ts";
import { stateAt } from "./read-queue.ts";

export interface JoinQueue {
  readonly concertId: ConcertId;
  readonly userId: UserId;
}

export type JoinQueueOutcome =
  | { readonly kind: "unknown-concert" }
  | { readonly kind: "QUEUE_NOT_OPEN" }
  | { readonly kind: "SOLD_OUT" }
  | { readonly kind: "in-queue"; readonly isNew: boolean; readonly status: QueueStatus };

export interface JoinQueueDeps extends StatusDeps {
  readonly sales: Pick<Sales, "find" | "stock">;
  readonly store: Pick<QueueStore, "join">;
  readonly clock: Clock;
  readonly hmac: Hmac;
  /** Lets so many ms go by. */
  readonly delay: (ms: number) => Promise<void>;
}

/** The database is heard at the next pass but for trouble, and that comes within 200 ms. */
const rebuildAskMs = 200;
/** Shorter than the server's deadline for an answer: a place is not given to who was told 503. */
const rebuildWaitMs = 2_400;
/** People who may wait for that: more would ask the store all the time, and take the room of others. */
export const waitersMax = 500;

type Joined = Exclude<JoinResult, { kind: "not-rebuilt" }>;

/**
 * Joins as soon as the store knows again what the database knows. Throws Unavailable after 2.4 s, or at
 * once when too many wait already.
 */
const joinRebuilt = ({ store, delay }: JoinQueueDeps) => {
  let waiters = 0;
  const wait = async (args: Parameters<QueueStore["join"]>): Promise<Joined> => {
    for (let waitedMs = 0; waitedMs < rebuildWaitMs; waitedMs += rebuildAskMs) {
      await delay(rebuildAskMs);
      const joined = await store.join(...args);
      if (joined.kind !== "not-rebuilt") return joined;
    }
    throw new Unavailable("places are being put back");
  };
  return async (...args: Parameters<QueueStore["join"]>): Promise<Joined> => {
    const joined = await store.join(...args);
    if (joined.kind !== "not-rebuilt") return joined;
    if (waiters >= waitersMax) throw new Unavailable("too many wait for places to be put back");
    waiters += 1;
    return wait(args).finally(() => {
      waiters -= 1;
    });
  };
};

/**
 * Gives a user a place in a concert's queue: one, on any device, however often he asks.
 *
 * Outcomes, first that applies:
 * - `unknown-concert`
 * - `in-queue`, not `fresh`   he has a live place: that one. Of a queue that is over only ACTIVE ones live
 * - `QUEUE_NOT_OPEN`         before `opensAt`, by the clock of the queue's store, or closed
 * - `SOLD_OUT`               nothing is free and nothing held
 * - `in-queue`, `fresh`       behind everybody who was answered before this request came in; in the
 *                            lobby of a lottery at the user's draw value, which he is not told
 *
 * While the queue of a store that may have lost it is put back, everybody waits for that, up to 2.4 s, 500
 * people at a time: the database may know a place of his, or the end of the one that the store knows.
 * Throws Unavailable. One atomic store step, O(log n).
 */
export const joinQueue = (deps: JoinQueueDeps) => {
  const join = joinRebuilt(deps);
  return async ({ concertId, userId }: JoinQueue): Promise<JoinQueueOutcome> => {
    const schedule = await deps.sales.find(concertId);
    if (schedule === null) return { kind: "unknown-concert" };
    const stock = await deps.sales.stock(concertId);
    const state = stateAt(schedule, stock, deps.clock.nowMs());
    const joined = await join(concertId, userId, {
      opensAtMs: schedule.policy.opensAtMs,
      final: finalState(state) !== null,
      lobby: lobbyTerms(deps.hmac, schedule, userId),
    });
    switch (joined.kind) {
      case "not-open":
        return { kind: "QUEUE_NOT_OPEN" };
      case "over":
        return { kind: joinRefusal(state) ?? "QUEUE_NOT_OPEN" };
      case "in-queue": {
        const { isNew, snapshot, status } = joined;
        const { place } = status;
        const found = { ...snapshot, status };
        const joinedPlace = { userId, place, found, schedule, stock, shown: null };
        return { kind: "in-queue", isNew, status: queueStatus(deps, joinedPlace) };
      }
    }
  };
};
