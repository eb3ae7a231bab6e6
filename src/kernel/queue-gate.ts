import type { InstantMs } from "./instant.ts";
import type { ConcertId, ReservationId, UserId } from "./ids.ts";
import type { EndedReason, PlaceMark } from "./place.ts";

/** One user's place in one concert's queue. */
export interface UserPlace extends PlaceMark {
  readonly concertId: ConcertId;
  readonly userId: UserId;
}

/** The place that a queue token names. */
export interface TokenPlace extends UserPlace {
  /** Epoch seconds until which the slot lasts; present when the token was issued to an ACTIVE user. */
  readonly activeUntilSeconds?: number | undefined;
}

/** One attempt to reserve seats. */
export interface GateAttempt extends TokenPlace {
  readonly date: string;
  readonly seatNumbers: readonly number[];
  /** The id of the request: only this request releases the locks that it took. */
  readonly owner: string;
  /** A digest of user id and idempotency key, or "" without a key. */
  readonly keyTag: string;
  /** After this time the seat locks expire. */
  readonly lockMs: number;
  /** The slot does not lapse within this time, so that it outlasts the command. */
  readonly leaseMs: number;
}

/** The hold in which an attempt has ended. */
export interface GateHold {
  readonly reservationId: ReservationId;
  readonly expiresAtMs: InstantMs;
}

/** A hold and the place whose slot lasts as long as the hold. */
export interface PlaceHold extends UserPlace, GateHold {}

type Refusal =
  /** The place still waits. */
  | { readonly kind: "not-active" }
  | { readonly kind: "ended" }
  /** The queue's store does not answer, or does not know yet: the database decides. */
  | { readonly kind: "away" };

export type EnterOutcome =
  | Refusal
  /** All seats are locked for `lockMs`, and the slot does not lapse within `leaseMs`. */
  | { readonly kind: "entered" }
  /**
   * No seat was locked. `seatNumbers`: exactly the seats that other requests have locked. `sameKey`: one
   * request with the same user and key has locked all of these.
   */
  | { readonly kind: "locked"; readonly seatNumbers: readonly number[]; readonly sameKey: boolean };

export type CheckActiveOutcome =
  | Refusal
  /** Whether the user has a hold, and tickets of the concert. Both may lag. */
  | { readonly kind: "active"; readonly holding: boolean; readonly bought: boolean };

/**
 * The queue's gate in front of the seats. It keeps the rush away from the database and decides nothing:
 * if it fails in either direction, no seat is sold twice. No method throws Unavailable.
 */
export interface QueueGate {
  /**
   * Checks that the place is ACTIVE, locks all of the seats or none, and extends the slot's lease, in one
   * atomic step.
   *
   * Outcomes, first that applies: `away`, `ended`, `not-active`, `locked`, `entered`. Cost: O(seats).
   */
  enter(attempt: GateAttempt): Promise<EnterOutcome>;
  /**
   * Checks the place as `enter` does, and locks nothing: for an attempt that will be refused.
   *
   * Outcomes, first that applies: `away`, `ended`, `not-active`, `active`.
   */
  checkActive(place: TokenPlace): Promise<CheckActiveOutcome>;
  /**
   * Releases the locks of the attempt. With a hold, the slot lasts as long as the hold.
   *
   * Returns whether the queue's store did it. Otherwise the locks expire, and the outbox repeats the hold.
   */
  releaseLocks(attempt: GateAttempt, hold: GateHold | null): Promise<boolean>;
}

/**
 * The events that the sale sends to the queue after a commit. Applying an event twice changes nothing. Every method
 * throws Unavailable when the queue's store did not apply the event.
 */
export interface QueueEvents {
  /** The slot lasts as long as the hold, if the place is still the user's live one. */
  holdCarried(hold: PlaceHold): Promise<void>;
  /** The slot lasts as long as its session again, if this reservation still carries it. */
  holdCleared(hold: Pick<PlaceHold, "concertId" | "userId" | "reservationId">): Promise<void>;
  /** Ends the user's live place for good if it is not newer than the given one. */
  placeEnded(ended: UserPlace & { readonly reason: EndedReason }): Promise<void>;
}
