import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { EndedReason, PlaceMark } from "#kernel/place.ts";
import type { FinalState } from "../domain/queue-state.ts";
import type { PassTerms } from "../domain/admission.ts";
import type { TurnCounts } from "../domain/turns.ts";
import type { LivePlaceStatus, PlaceStatus } from "../domain/place-status.ts";
import type { JournalEntry } from "./journal.ts";

/** The status of a place, as far as the store knows it. */
export type StoredPlaceStatus =
  | PlaceStatus
  /** The user has a newer live place, so this one has ended. The store does not know the reason. */
  | { readonly kind: "superseded" }
  /**
   * Not in the queue, and not known to have ended: it ended long ago, or the store has lost it. `endedWith`: it was given
   * before the queue ended for this reason, so it waits no more.
   */
  | { readonly kind: "unknown"; readonly endedWith?: FinalState };

/** The queue's counters at one moment. All of them count since the store was empty, unless they say otherwise. */
export interface QueueCounters {
  /** Users in the queue who are not admitted, without the skipped ones. */
  readonly waiting: number;
  /** Users who were absent when their turn came and have not returned. They keep their places. */
  readonly skipped: number;
  readonly active: number;
  /** The ACTIVE users whose slot a hold extends. */
  readonly holding: number;
  readonly admittedTotal: number;
  /** In the last 60 seconds. */
  readonly admittedLastMinute: number;
  readonly firstAdmittedAtMs: InstantMs | null;
  /** The `seq` of the furthest place that was admitted; 0: none. */
  readonly nowServing: number;
  /** The last `seq` that was issued in this epoch; 0: none. */
  readonly lastIssued: number;
  readonly left: number;
  readonly lapsed: number;
  readonly turns: TurnCounts;
  /** The store may have lost places and waits for their users: it admits no user, and positions are not final. */
  readonly recovering: boolean;
  /** The waiting list has begun: the sale has been sold out once, under a policy with a waiting list. */
  readonly waitingList: boolean;
}

/** The queue of one concert at one moment. */
export interface QueueSnapshot {
  /** The store's clock, read once, before anything else. */
  readonly atMs: InstantMs;
  readonly epoch: number;
  readonly counters: QueueCounters;
}

/** The stored status of a place, and the queue at the same moment. */
export interface PlaceReading {
  readonly snapshot: QueueSnapshot;
  readonly status: StoredPlaceStatus;
}

/** The status of a place once it is resolved, and the queue at the same moment. */
export interface FoundPlace {
  /** By the store's clock; while the store is away, by the clock of this instance. */
  readonly atMs: InstantMs;
  /** Null while the store is away. */
  readonly counters: QueueCounters | null;
  readonly status: PlaceStatus;
}

/** A place, and the user to whom it was given. */
export interface OwnedPlace extends PlaceMark {
  readonly userId: UserId;
}

export interface JoinTerms {
  readonly opensAtMs: InstantMs;
  /** The sale is over: only ACTIVE places are live, and no new place is given. */
  readonly final: boolean;
  /** Only finds the live place that the user has, and gives no new one. Not, unless given. */
  readonly findOnly?: boolean | undefined;
  /** For a lottery. */
  readonly lobby?: LobbyTerms | undefined;
}

/** The terms of a lottery for one user. */
export interface LobbyTerms {
  /**
   * Until this moment, by the store's clock, a new place is ordered by its draw value, unless the lobby was
   * closed for the draw before. A later place stands behind all places of the lobby.
   */
  readonly untilMs: InstantMs;
  /** 0 to 2^52 - 1; always the same for this user. */
  readonly drawValue: number;
}

export type JoinResult =
  /** The sale is over, and the user has no ACTIVE place. */
  | { readonly kind: "over" }
  /** Before `opensAtMs` by the store's clock, and the user has no live place. */
  | { readonly kind: "not-open" }
  /** The queue awaits `rebuild`: only the database knows whether the user has a place. */
  | { readonly kind: "not-rebuilt" }
  /** With `findOnly`: the user has no live place. */
  | { readonly kind: "no-place" }
  /** `isNew`: the place was given now. Otherwise it is the live place that the user had. */
  | {
      readonly kind: "in-queue";
      readonly isNew: boolean;
      readonly snapshot: QueueSnapshot;
      readonly status: LivePlaceStatus;
    };

/** `QueueStore.join`, once the queue is rebuilt. */
export type StoreJoin = (
  ...args: Parameters<QueueStore["join"]>
) => Promise<Exclude<JoinResult, { kind: "not-rebuilt" }>>;

/** The result of one admission pass. */
export interface PassReport {
  readonly atMs: InstantMs;
  readonly admitted: number;
  /** Users who were absent when their turn came, or were admitted and did not claim the slot, once. */
  readonly skipped: number;
  readonly lapsed: number;
  /** The next pass would find more to do at once. */
  readonly more: boolean;
  /** "to-rebuild": awaits `rebuild`; "rebuilt": waits only for users; null: no recovery runs. */
  readonly recovery: "to-rebuild" | "rebuilt" | null;
  /** After the pass no user is in the queue, not even a skipped one, and the database has the whole journal. */
  readonly isEmpty: boolean;
}

/** Journal entries that the database has not confirmed, oldest first. */
export interface JournalPage {
  readonly epoch: number;
  readonly throughN: number;
  readonly batches: readonly {
    readonly queueEpoch: number;
    readonly entries: readonly JournalEntry[];
  }[];
}

/**
 * The queue of each concert. Every method is one atomic step on the store's own clock, so any number of
 * instances may call it at any time. Every method throws Unavailable while the store is away.
 */
export interface QueueStore {
  /**
   * Gives the user a place behind all others, or finds the live place that the user has. A found place
   * counts as present (see `getStatus`). A place whose lease is over is not live.
   *
   * Outcomes, first that applies: `over`, `not-open`, `not-rebuilt`, `in-queue` with the live place,
   * `no-place`, `in-queue` with a new one. Cost: O(log n); the callers of one event-loop turn share one step.
   */
  join(concertId: ConcertId, userId: UserId, terms: JoinTerms): Promise<JoinResult>;
  /**
   * Reads the status of a place, and marks a live one as present:
   * - an ACTIVE user has claimed the slot
   * - a skipped user is in the queue again and is served first
   * - a user near the front is expected to ask again within the terms of the last pass
   *
   * Cost: O(log n); the callers of one event-loop turn share one step.
   */
  getStatus(concertId: ConcertId, userId: UserId, place: PlaceMark): Promise<PlaceReading>;
  /**
   * `getStatus` for many places in one step and one round trip; statuses in the order of the places.
   *
   * Cost: O(places · log n). The store serves no other caller meanwhile, so the caller bounds the places.
   */
  getStatuses(
    concertId: ConcertId,
    places: readonly OwnedPlace[],
  ): Promise<{ readonly snapshot: QueueSnapshot; readonly statuses: readonly StoredPlaceStatus[] }>;
  getSnapshot(concertId: ConcertId): Promise<QueueSnapshot>;
  /**
   * Ends the user's live place for good, unless it is newer than `place`. Idempotent. PAID also marks the
   * user as a buyer of this concert. Before `rebuild`, the end also outweighs what the database knew before.
   */
  end(
    concertId: ConcertId,
    userId: UserId,
    place: PlaceMark,
    reason: EndedReason,
  ): Promise<"ended" | "absent" | "newer">;
  /**
   * Runs one admission pass: lapses slots whose lease is over, ends waiting places when the sale is over,
   * refills the rate bucket, and admits returned users first, then the front, skipping absent users.
   *
   * With `waitingList`, a pass that sees the sale sold out begins the waiting list. For `stockLagMs` from then on no
   * user is admitted, and such passes end the slots without a hold (SOLD_OUT). Later ones put users without a hold, who
   * were admitted longer than `stockLagMs` ago, back among those who returned. Once it has begun, a slot lasts `claimMs`
   * unless a hold extends it, and users are admitted up to `seatsFree` ACTIVE ones without a hold, counting also those
   * who have taken a seat within `stockLagMs`.
   *
   * During recovery it admits no user. During recovery, and after a gap between passes, no slot lapses for
   * not being claimed, because the user could not claim it. Cost: O(peopleMax · log n).
   */
  admit(concertId: ConcertId, terms: PassTerms): Promise<PassReport>;
  /** The oldest journal entries that are not confirmed, at most `entriesMax`; null: none. */
  readJournal(concertId: ConcertId, entriesMax: number): Promise<JournalPage | null>;
  /** Deletes the entries of a page once the database has them. Idempotent. */
  trimJournal(concertId: ConcertId, page: JournalPage): Promise<void>;
}
