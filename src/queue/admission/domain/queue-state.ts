import type { InstantMs } from "#kernel/instant.ts";
import { isBeforeDraw, type DrawRecord } from "./draw.ts";
import type { QueuePolicy } from "./policy.ts";

/** The state of a queue, as `GET …/queue` shows it. */
export type QueueState =
  | "SCHEDULED"
  | "LOBBY"
  | "OPEN"
  | "PAUSED"
  | "RECOVERING"
  | "ALL_HELD"
  | "SOLD_OUT"
  | "ENDED"
  | "CLOSED";

/** The input of the state. `stock` is null while it is unknown. */
export interface Circumstances {
  readonly policy: QueuePolicy;
  readonly pausedAtMs: InstantMs | null;
  readonly closedAtMs: InstantMs | null;
  readonly stock: {
    readonly available: number;
    /** Held seats that may become available again. */
    readonly mayReturn: number;
    /** Whether every date has begun. */
    readonly hasEnded: boolean;
  } | null;
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
export const queueState = (queue: Circumstances, nowMs: InstantMs): QueueState => {
  const selling = sellingState(queue.stock);
  if (queue.closedAtMs !== null && nowMs >= queue.closedAtMs) return "CLOSED";
  if (selling === "ENDED") return "ENDED";
  if (nowMs < queue.policy.opensAtMs) return "SCHEDULED";
  if (selling === "SOLD_OUT") return "SOLD_OUT";
  if (queue.recovering) return "RECOVERING";
  if (isBeforeDraw(queue)) return "LOBBY";
  if (queue.pausedAtMs !== null) return "PAUSED";
  return selling;
};

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
): QueueState => queueState({ ...sale, stock, recovering }, nowMs);

/** The states after which no user will ever be admitted, so that every waiting place has ended. */
export type FinalState = Extract<QueueState, "CLOSED" | "ENDED" | "SOLD_OUT">;

/** The state if it is a final one, else null. */
export const finalState = (state: QueueState): FinalState | null =>
  state === "CLOSED" || state === "ENDED" || state === "SOLD_OUT" ? state : null;

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
