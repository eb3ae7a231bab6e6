import type { Queue, QueueStatus } from "../../../sdk/generated/index.ts";

/** What the page of a concert shows. */
export type View =
  /** Nothing is known yet. */
  | { readonly kind: "looking" }
  /** No place, and the sale opens later. */
  | { readonly kind: "not-open" }
  /** No place, and one may be had. */
  | { readonly kind: "joinable" }
  /** No place, and none to be had. */
  | { readonly kind: "over"; readonly state: "SOLD_OUT" | "CLOSED" }
  | { readonly kind: PlaceStatus }
  /** His turn: to go in, or inside. */
  | { readonly kind: "turn" }
  | { readonly kind: "inside" }
  | { readonly kind: "ended"; readonly reason: NonNullable<QueueStatus["endedReason"]> | "GONE" };

/** Views of who stands in no queue. */
export type Outside = Extract<View, { kind: "not-open" | "joinable" | "over" | "ended" }>;

const outside: readonly string[] = ["not-open", "joinable", "over", "ended"];
export const isOutside = (view: View): view is Outside => outside.includes(view.kind);

/** In these states of a queue, anybody may join it. */
export const joinableStates: readonly string[] = [
  "LOBBY",
  "OPEN",
  "PAUSED",
  "RECOVERING",
  "ALL_HELD",
];

/** Ways of standing in the queue. */
export type PlaceStatus = "lobby" | "waiting" | "near" | "paused" | "recovering" | "held";

/** Nearly there: so few people ahead, or so short a wait. */
const nearAhead = 5;
const nearSeconds = 30;

const stopped: Partial<Record<Queue["state"], PlaceStatus>> = {
  PAUSED: "paused",
  RECOVERING: "recovering",
  ALL_HELD: "held",
  LOBBY: "lobby",
};

const placeStatusOf = (status: QueueStatus): PlaceStatus => {
  if (status.status === "LOBBY") return "lobby";
  const { ahead, estimatedWaitSeconds: seconds } = status;
  const isNear = (ahead ?? Infinity) < nearAhead || (seconds ?? Infinity) <= nearSeconds;
  return stopped[status.queueState] ?? (isNear ? "near" : "waiting");
};

const withoutPlace = (queue: Pick<Queue, "state"> | null): View => {
  if (queue === null) return { kind: "looking" };
  const { state } = queue;
  if (state === "SCHEDULED") return { kind: "not-open" };
  if (state === "SOLD_OUT" || state === "CLOSED") return { kind: "over", state };
  return { kind: "joinable" };
};

/** What to show, from what is known: the fan's place if there is one, else the queue as everybody sees it. */
export const viewOf = (known: {
  readonly queue: Pick<Queue, "state"> | null;
  readonly status: QueueStatus | null;
  /** A kept place has not been heard of yet. */
  readonly isLooking: boolean;
  readonly hasEntered: boolean;
}): View => {
  const { status } = known;
  if (status === null) return known.isLooking ? { kind: "looking" } : withoutPlace(known.queue);
  switch (status.status) {
    case "ENDED":
      return { kind: "ended", reason: status.endedReason ?? "GONE" };
    case "ACTIVE":
      return { kind: known.hasEntered ? "inside" : "turn" };
    case "LOBBY":
    case "WAITING":
      return { kind: placeStatusOf(status) };
  }
};

/** The state of the queue by its newest news: a live place hears of it before it is read for everybody. */
export const stateOf = (
  status: QueueStatus | null,
  queue: Pick<Queue, "state"> | null,
): Queue["state"] | undefined =>
  status === null || ["PAID", "LEFT", "LAPSED"].includes(status.endedReason ?? "")
    ? queue?.state
    : status.queueState;

/** How far the fan has come through the queue, from 0 to 1; null while it cannot be told. */
export const progressOf = (ahead: number | null, aheadFirst: number | null): number | null => {
  if (ahead === null) return null;
  return 1 - ahead / Math.max(aheadFirst ?? ahead, ahead, 1);
};
