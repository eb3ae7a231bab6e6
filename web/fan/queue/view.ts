import type { Queue, QueueStatus } from "../../../sdk/generated/index.ts";

/** States of a queue after which nothing is sold any more. */
const finalStates = ["SOLD_OUT", "ENDED", "CLOSED"] as const;
export type FinalState = (typeof finalStates)[number];
export const isFinal = (word: string): word is FinalState =>
  (finalStates as readonly string[]).includes(word);

/** The part of the concert page that is shown. */
export type View =
  /** The queue has not been read yet. */
  | { readonly kind: "loading" }
  /** The fan has no place, and the sale opens later. */
  | { readonly kind: "not-open" }
  /** The fan has no place and can join. */
  | { readonly kind: "joinable" }
  /** The fan has no place, and the sale is over. */
  | { readonly kind: "over"; readonly state: FinalState }
  | { readonly kind: WaitingState }
  /** The fan is admitted: `turn` before entering, `inside` after. */
  | { readonly kind: "turn" }
  | { readonly kind: "inside" }
  /** The concert does not take place, whatever place the fan has. */
  | { readonly kind: "cancelled" }
  | { readonly kind: "ended"; readonly reason: NonNullable<QueueStatus["endedReason"]> | "GONE" };

/** Views of a fan without a live place. */
export type Outside = Extract<
  View,
  { kind: "not-open" | "joinable" | "over" | "cancelled" | "ended" }
>;

export const outsideKinds: readonly string[] = [
  "not-open",
  "joinable",
  "over",
  "cancelled",
  "ended",
];
export const isOutside = (view: View): view is Outside => outsideKinds.includes(view.kind);

type QueueView = Pick<Queue, "state"> & Partial<Pick<Queue, "waitingList">>;

/** Whether a user can join; a sold out sale may have a waiting list. */
export const isJoinable = (queue: QueueView | null): boolean =>
  queue !== null &&
  queue.state !== "SCHEDULED" &&
  (!isFinal(queue.state) || (queue.state === "SOLD_OUT" && queue.waitingList === true));

/** Views of a fan with a place that is not ACTIVE yet. */
export type WaitingState =
  | "lobby"
  | "waiting"
  | "near"
  | "paused"
  | "recovering"
  | "held"
  | "listed";

/** `near` means fewer than 5 people ahead, or at most 30 s to wait. */
const nearAhead = 5;
const nearSeconds = 30;

const stopped: Partial<Record<Queue["state"], WaitingState>> = {
  PAUSED: "paused",
  RECOVERING: "recovering",
  ALL_HELD: "held",
  LOBBY: "lobby",
};

const waitingStateOf = (status: QueueStatus): WaitingState => {
  if (status.status === "LOBBY") return "lobby";
  if (status.status === "WAITLISTED" && status.queueState !== "PAUSED") return "listed";
  const { ahead, estimatedWaitSeconds: seconds } = status;
  const isNear = (ahead ?? Infinity) < nearAhead || (seconds ?? Infinity) <= nearSeconds;
  return stopped[status.queueState] ?? (isNear ? "near" : "waiting");
};

const withoutPlace = (queue: QueueView | null): View => {
  if (queue === null) return { kind: "loading" };
  const { state } = queue;
  if (isJoinable(queue)) return { kind: "joinable" };
  return isFinal(state) ? { kind: "over", state } : { kind: "not-open" };
};

/** Chooses the view: by the fan's place if there is one, else by the public state of the queue. */
export const viewOf = (known: {
  readonly queue: (QueueView & Partial<Pick<Queue, "cancelledAt">>) | null;
  readonly status: QueueStatus | null;
  /** A place is stored in this browser, and its status has not been read yet. */
  readonly isLoading: boolean;
  readonly hasEntered: boolean;
}): View => {
  const { status, queue } = known;
  // The page may be newer than the server, which then says nothing.
  if ([status, queue].some((it) => it?.cancelledAt)) return { kind: "cancelled" };
  if (status === null) return known.isLoading ? { kind: "loading" } : withoutPlace(queue);
  switch (status.status) {
    case "ENDED":
      return { kind: "ended", reason: status.endedReason ?? "GONE" };
    case "ACTIVE":
      return { kind: known.hasEntered ? "inside" : "turn" };
    case "LOBBY":
    case "WAITING":
    case "WAITLISTED":
      return { kind: waitingStateOf(status) };
  }
};

/** The newest known state of the queue. A live place hears of a change before the public state is read. */
export const stateOf = (
  status: QueueStatus | null,
  queue: Pick<Queue, "state"> | null,
): Queue["state"] | undefined =>
  status === null || ["PAID", "LEFT", "LAPSED"].includes(status.endedReason ?? "")
    ? queue?.state
    : status.queueState;

/** The fan's progress through the queue, from 0 to 1; null while the position is unknown. */
export const progressOf = (ahead: number | null, initialAhead: number | null): number | null => {
  if (ahead === null) return null;
  return 1 - ahead / Math.max(initialAhead ?? ahead, ahead, 1);
};
