import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertId, ReservationId, UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";

/** One attempt to take seats. */
export interface Attempt extends PlaceMark {
  readonly concertId: ConcertId;
  readonly userId: UserId;
  readonly date: string;
  readonly seatNumbers: readonly number[];
  /** The request's own id: only it releases what it locked. */
  readonly owner: string;
  /** A digest of user and idempotency key, or "" without a key: tells a twin from a rival. */
  readonly keyTag: string;
  readonly lockMs: number;
  /** The slot does not lapse for this long. */
  readonly leaseMs: number;
}

export type GateOutcome =
  | { readonly kind: "entered" }
  | { readonly kind: "not-active" }
  | { readonly kind: "ended" }
  | { readonly kind: "locked"; readonly seatNumbers: readonly number[]; readonly twin: boolean }
  /** The slot's own time is over, and it is not known yet whether a hold carries it. */
  | { readonly kind: "spared" }
  /** The place is not known here: ended long ago, or lost by the store. */
  | { readonly kind: "unknown" };

/** Somebody's place, as it is asked for. */
export interface GatePlace extends PlaceMark {
  readonly concertId: ConcertId;
  readonly userId: UserId;
}

export type GlanceOutcome =
  /** Whether he has a hold, or tickets of the concert: advice, it may lag. */
  | { readonly kind: "active"; readonly holding: boolean; readonly bought: boolean }
  | Extract<GateOutcome, { kind: "not-active" | "ended" | "spared" | "unknown" }>;

/** A hold, as the slot that it carries needs to know it. */
export interface CarriedHold extends PlaceMark {
  readonly concertId: ConcertId;
  readonly userId: UserId;
  readonly reservationId: ReservationId;
  readonly expiresAtMs: InstantMs;
}

/** The queue's side of taking seats. Every method is one atomic step; all throw Unavailable. */
export interface SeatGate {
  /**
   * First that applies: `unknown`, `ended` (also an older place than the live one), `not-active`, `spared`,
   * `locked` (exactly the seats that others have locked; nothing is locked then), `entered`: all seats
   * are locked for `lockMs`, the slot is claimed and does not lapse for `leaseMs`. A slot whose own
   * time is over is not entered, so that attempts cannot prolong a session. O(seats).
   */
  enter(attempt: Attempt): Promise<GateOutcome>;
  /**
   * What `enter` would say of the place, and nothing locked: for who is going to be turned away.
   * Using the place claims its slot here too. O(log n).
   */
  glance(place: GatePlace): Promise<GlanceOutcome>;
  /**
   * Releases the attempt's own locks. With a hold, the slot lasts as long; without one, as if never
   * tried, once no other attempt of the place is in flight.
   */
  settle(
    attempt: Attempt,
    hold: { readonly reservationId: ReservationId; readonly expiresAtMs: InstantMs } | null,
  ): Promise<void>;
  /**
   * Lets the slot last as long as the hold, if the place is still the live one; before the queue is put
   * back (see `QueueStore.rebuild`), a slot that has yet to be as well. Idempotent.
   */
  carry(hold: CarriedHold): Promise<void>;
  /**
   * Takes the hold off the slot if it is still this one; the session goes on where it was. Idempotent.
   * Throws Unavailable also until the queue is put back (see `QueueStore.rebuild`): to be told again then.
   */
  clear(hold: Pick<CarriedHold, "concertId" | "userId" | "reservationId">): Promise<void>;
}
