import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertId, ReservationId, UserId } from "#kernel/ids.ts";
import type { EndedReason, PlaceMark } from "#kernel/place.ts";

/** Somebody's place, as his token names it. */
export interface PlaceAsked extends PlaceMark {
  readonly concertId: ConcertId;
  readonly userId: UserId;
  /** As the token says: a slot that the queue's store has lost is put back until then. */
  readonly activeUntilSeconds?: number | undefined;
}

/** One attempt to reserve, as the queue's store sees it. */
export interface Attempt extends PlaceAsked {
  readonly date: string;
  readonly seatNumbers: readonly number[];
  /** The request's own id: only it releases what it locked. */
  readonly owner: string;
  /** A digest of user and idempotency key, or "" without a key: tells a twin from a rival. */
  readonly keyTag: string;
  /** How long the locks last by themselves. */
  readonly lockMs: number;
  /** The slot does not lapse for this long, so that the command cannot outlive it. */
  readonly leaseMs: number;
}

export type EnterOutcome =
  | { readonly kind: "entered" }
  /** The place is genuine and its turn has not come. */
  | { readonly kind: "not-active" }
  | { readonly kind: "ended" }
  /** Exactly the seats that somebody else is taking at this moment; twin: all by a request with the same key. */
  | { readonly kind: "locked"; readonly seatNumbers: readonly number[]; readonly twin: boolean }
  /** The line's store is away: PostgreSQL needs no lock in front to be right. */
  | { readonly kind: "away" };

export type GlanceOutcome =
  /** holding and bought are advice (they may lag): whether he has a hold, or tickets here. */
  | { readonly kind: "active"; readonly holding: boolean; readonly bought: boolean }
  | Extract<EnterOutcome, { kind: "not-active" | "ended" | "away" }>;

/**
 * The gate in front of the database: the ACTIVE check, the distributed lock over all of the seats, and
 * the longer lease, in one atomic step. It keeps the stampede away and decides nothing: if it fails in
 * either direction nothing is sold twice.
 */
export interface QueueGate {
  enter(attempt: Attempt): Promise<EnterOutcome>;
  /** What `enter` would say of the place, and nothing locked: for who will hardly get what he wants. */
  glance(place: PlaceAsked): Promise<GlanceOutcome>;
  /**
   * Releases the attempt's own locks and, when it ended in a hold, lets the slot last as long. Never
   * throws. Whether the queue took it: what it did not take, the outbox repeats.
   */
  settle(
    attempt: Attempt,
    hold: { reservationId: ReservationId; expiresAtMs: InstantMs } | null,
  ): Promise<boolean>;
}

/** What the queue must be told after a commit. Applying one twice changes nothing. Throws Unavailable when it could not. */
export interface QueueEvents {
  holdCarried(
    news: {
      concertId: ConcertId;
      userId: UserId;
      reservationId: ReservationId;
      expiresAtMs: InstantMs;
    } & PlaceMark,
  ): Promise<void>;
  holdCleared(news: {
    concertId: ConcertId;
    userId: UserId;
    reservationId: ReservationId;
  }): Promise<void>;
  /** Ends the user's live place if it is not newer than the mark. */
  placeEnded(
    news: { concertId: ConcertId; userId: UserId; reason: EndedReason } & PlaceMark,
  ): Promise<void>;
}
