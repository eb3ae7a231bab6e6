import type { InstantMs } from "#kernel/instant.ts";
import type { QueueState } from "#kernel/queue-forecasts.ts";
import type { Stock } from "#kernel/stock.ts";
import { isBeforeDraw, type DrawRecord } from "./draw.ts";
import type { QueuePolicy } from "./policy.ts";

/** The input of the state. `stock` is null while it is unknown. */
export interface Circumstances {
  readonly policy: QueuePolicy;
  readonly pausedAtMs: InstantMs | null;
  readonly closedAtMs: InstantMs | null;
  readonly stock: Pick<Stock, "available" | "mayReturn" | "hasEnded"> | null;
  /** The store has lost the queue, and recovery waits for its users. */
  readonly recovering: boolean;
  /** The draw of a lottery. Without one its users wait in the lobby, also past its end. */
  readonly draw?: DrawRecord | null | undefined;
}

/**
 * The state of a queue at a moment. First that applies:
 * - `CLOSED`
 * - `ENDED`       every date has begun, however many seats were sold
 * - `SCHEDULED`   before `opensAt`
 * - `SOLD_OUT`    no seat is free and none is held, of the dates that have not begun
 * - `RECOVERING`
 * - `LOBBY`       before the draw of a lottery
 * - `PAUSED`
 * - `ALL_HELD`    no seat is free, but a hold may expire
 * - `OPEN`
 *
 * An unknown stock counts as not empty.
 */
export const queueState = (queue: Circumstances, nowMs: InstantMs): QueueState =>
  stateAt(queue, queue.stock, nowMs, queue.recovering);

/** The state that the stock alone leads to. */
const sellingState = (
  stock: Circumstances["stock"],
): "ENDED" | "SOLD_OUT" | "ALL_HELD" | "OPEN" => {
  if (stock === null || stock.available > 0) return "OPEN";
  if (stock.hasEnded) return "ENDED";
  return stock.mayReturn > 0 ? "ALL_HELD" : "SOLD_OUT";
};

/**
 * The state of a sale with this stock at a moment. Only the store knows whether the queue recovers; the
 * final states do not depend on it.
 */
export const stateAt = (
  sale: Omit<Circumstances, "stock" | "recovering">,
  stock: Circumstances["stock"],
  nowMs: InstantMs,
  recovering = false,
): QueueState => {
  const selling = sellingState(stock);
  if (sale.closedAtMs !== null && nowMs >= sale.closedAtMs) return "CLOSED";
  if (selling === "ENDED") return "ENDED";
  if (nowMs < sale.policy.opensAtMs) return "SCHEDULED";
  if (selling === "SOLD_OUT") return "SOLD_OUT";
  if (recovering) return "RECOVERING";
  if (isBeforeDraw(sale)) return "LOBBY";
  if (sale.pausedAtMs !== null) return "PAUSED";
  return selling;
};

/**
 * The states in which no user is admitted any more, so that every waiting place has ended. A queue that is SOLD_OUT or
 * ENDED goes on when the operator adds a date or unblocks seats; the places stay ended. With a waiting list, SOLD_OUT
 * is not final.
 */
export type FinalState = Extract<QueueState, "CLOSED" | "ENDED" | "SOLD_OUT">;

export const isFinalState = (text: string): text is FinalState =>
  text === "CLOSED" || text === "ENDED" || text === "SOLD_OUT";

/** The state if it is a final one under the policy, else null. */
export const finalState = (
  state: QueueState,
  { waitingList = false }: Pick<QueuePolicy, "waitingList"> = {},
): FinalState | null =>
  isFinalState(state) && !(state === "SOLD_OUT" && waitingList) ? state : null;

/**
 * Whether the users who wait are on a waiting list: the queue with one is sold out, or was before. `hasBegun`: what
 * the store knows; a pass tells it within a moment after the queue is sold out.
 */
export const isWaitingList = (
  { waitingList = false }: Pick<QueuePolicy, "waitingList">,
  state: QueueState,
  hasBegun: boolean,
): boolean => waitingList && (hasBegun || state === "SOLD_OUT");

/** Why the queue gives no new place. */
export type JoinRefusal = "QUEUE_NOT_OPEN" | "SALE_ENDED" | "SOLD_OUT";

/** The refusal in a state; null when the queue gives a new place. */
export const joinRefusal = (state: QueueState): JoinRefusal | null => {
  switch (state) {
    case "ENDED":
      return "SALE_ENDED";
    case "SOLD_OUT":
      return "SOLD_OUT";
    case "SCHEDULED":
    case "CLOSED":
      return "QUEUE_NOT_OPEN";
    case "LOBBY":
    case "OPEN":
    case "PAUSED":
    case "RECOVERING":
    case "ALL_HELD":
      return null;
  }
};
