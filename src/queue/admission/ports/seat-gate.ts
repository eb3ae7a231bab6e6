import type {
  CheckActiveOutcome,
  EnterOutcome,
  GateAttempt,
  GateHold,
  PlaceHold,
  QueueEvents,
  UserPlace,
} from "#kernel/queue-gate.ts";

type Away = { readonly kind: "away" };

/** The store cannot judge the place by itself. */
export type Unresolved =
  /** The place is not known here: it ended long ago, or the store has lost it. */
  | { readonly kind: "unknown" }
  /** The slot's own time is over, and the store does not know yet whether a hold extends it. */
  | { readonly kind: "grace-period" };

export type StoreEnterOutcome = Exclude<EnterOutcome, Away> | Unresolved;

export type StoreCheckOutcome = Exclude<CheckActiveOutcome, Away> | Unresolved;

/** The queue store's side of taking seats. Every method is one atomic step and throws Unavailable. */
export interface SeatGate {
  /**
   * Locks all of the attempt's seats for `lockMs`, claims the slot and keeps it from lapsing for `leaseMs`.
   *
   * Outcomes, first that applies:
   * - `unknown`
   * - `ended`         also when the user has a newer live place
   * - `not-active`
   * - `grace-period`  a slot past its own time is not entered, so that attempts cannot prolong a session
   * - `locked`        other requests have locked some of the seats; this attempt has locked none
   * - `entered`
   *
   * Cost: O(seats); the callers of one event-loop turn share one step.
   */
  enter(attempt: GateAttempt): Promise<StoreEnterOutcome>;
  /**
   * Judges the place as `enter` does, claims an ACTIVE slot, and locks nothing.
   *
   * Outcomes, first that applies: `unknown`, `ended`, `not-active`, `grace-period`, `active`. Cost: O(log n);
   * the callers of one event-loop turn share one step.
   */
  checkActive(place: UserPlace): Promise<StoreCheckOutcome>;
  /**
   * Releases the locks that the attempt itself has taken. With a hold, the slot lasts as long as the hold;
   * without one, the slot gets its own lease back once no other attempt of the place is in flight.
   */
  releaseLocks(attempt: GateAttempt, hold: GateHold | null): Promise<void>;
  /**
   * Lets the slot last as long as the hold, if the place is still the user's live one. Before a lost queue
   * is rebuilt (see `QueueStore.rebuild`), it also creates the slot. Idempotent.
   */
  carry(hold: PlaceHold): Promise<void>;
  /**
   * Takes the hold off the slot if this reservation still carries it; the slot then lasts as long as its
   * session. Idempotent. Throws Unavailable also until a lost queue is rebuilt, so that the caller retries.
   */
  clear(hold: Parameters<QueueEvents["holdCleared"]>[0]): Promise<void>;
}
