import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { EndedReason, PlaceMark } from "#kernel/place.ts";
import type { PassTerms } from "../domain/admission.ts";
import type { RecordedPlace } from "../domain/recorded-place.ts";
import type { JournalEntry } from "./durable.ts";

/** Where a place stands at the moment when the queue was read. */
export type PlaceStatus =
  /** `position` counts from 1; it never rises for a live place within an epoch. */
  | { readonly kind: "waiting"; readonly place: PlaceMark; readonly position: number }
  | { readonly kind: "active"; readonly place: PlaceMark; readonly expiresAtMs: InstantMs }
  /** Over; the reason is null where the store no longer knows it (the database does). */
  | { readonly kind: "ended"; readonly reason: EndedReason | null }
  /** Neither living nor known to have ended here: ended long ago, or lost by the store. */
  | { readonly kind: "unknown" };

/** The queue as a whole, at the same moment. */
export interface QueueCounters {
  /** People in the queue who have not been admitted, without those who were stepped over and are away. */
  readonly waiting: number;
  /** People who were stepped over and are away: they keep their places. */
  readonly aside: number;
  readonly active: number;
  /** The ACTIVE people whose slot is carried by a hold. */
  readonly holding: number;
  readonly admittedTotal: number;
  readonly admittedLastMinute: number;
  readonly firstAdmittedAtMs: InstantMs | null;
  /** The number of the furthest place that was admitted, and of the last one that was given; 0: none. */
  readonly nowServing: number;
  readonly lastIssued: number;
  readonly left: number;
  readonly lapsed: number;
  /** The store may have lost people, and waits for them: nobody is admitted, positions mean nothing yet. */
  readonly recovering: boolean;
}

export interface QueueSnapshot<S extends PlaceStatus = PlaceStatus> {
  /** The store's clock, read once, before anything else. */
  readonly atMs: InstantMs;
  readonly epoch: number;
  readonly figures: QueueCounters;
  readonly placeStatus: S;
}

export type LivePlaceStatus = Extract<PlaceStatus, { kind: "waiting" | "active" }>;

/** Under which terms a newcomer may join. */
export interface JoinTerms {
  readonly opensAtMs: InstantMs;
  /** Only places that are ACTIVE live on: nobody waits any more and nobody new may. */
  readonly final: boolean;
  /** Of a lottery, for this user; fifo: none. */
  readonly lobby?: LobbyTerms | undefined;
}

/** How the user stands in a lottery's queue. */
export interface LobbyTerms {
  /**
   * Until then, by the store's clock, and unless the lobby was closed for the draw before, newcomers
   * stand in the lobby by draw value; later ones stand behind everybody of the lobby.
   */
  readonly untilMs: InstantMs;
  /** Below 2^52; the same one for this user at any time. */
  readonly drawValue: number;
}

/** A place that the store may have lost. */
export interface LostPlace extends PlaceMark {
  /** Of a place in a lottery's lobby: its order. */
  readonly drawValue?: number | undefined;
  /** Before the draw: nobody knows a position, so that each goes to his own order until the lobby closes. */
  readonly isUntold?: boolean | undefined;
}

export type JoinResult =
  /** `fresh`: the place was given now; else it is the one that the user had. */
  | {
      readonly kind: "in-queue";
      readonly fresh: boolean;
      readonly snapshot: QueueSnapshot<LivePlaceStatus>;
    }
  /** Before `opensAtMs` by the store's clock. */
  | { readonly kind: "not-open" }
  /** Before `rebuild` only the database knows whether he has a place, or one that is over by now. */
  | { readonly kind: "not-rebuilt" }
  | { readonly kind: "over" };

/** What one admission pass did. */
export interface PassReport {
  readonly atMs: InstantMs;
  readonly admitted: number;
  /** People who were set aside: admitted and did not come, once; or absent when their turn came. */
  readonly steppedOver: number;
  readonly lapsed: number;
  /** Another pass would find more to do at once. */
  readonly more: boolean;
  /** Null: the queue goes on. Else it waits for its people; `to-rebuild`: also for `rebuild`. */
  readonly recovery: "to-rebuild" | "rebuilt" | null;
}

/** Entries that the database has not confirmed yet, oldest first, with what confirms them. */
export interface JournalPage {
  readonly epoch: number;
  readonly throughN: number;
  readonly batches: readonly {
    readonly queueEpoch: number;
    readonly entries: readonly JournalEntry[];
  }[];
}

/**
 * The queue of each concert. Every method is one atomic step on the store's own clock, so that any
 * number of instances may call it at any time. All throw Unavailable while the store is away.
 */
export interface QueueStore {
  /**
   * Gives the user a place behind everybody, or finds the live one that he has, wherever he is;
   * asking counts as being there (see `look`). A place whose lease is over is not live. O(log n).
   */
  join(concertId: ConcertId, userId: UserId, terms: JoinTerms): Promise<JoinResult>;
  /**
   * Where a place stands. Being asked about, a live place counts as present: an admitted person has
   * claimed the slot, one who was set aside is in the queue again, to be served first. Near the front its
   * owner is expected to ask again as the terms of the last pass say. An older place than the user's
   * live one has ended. O(log n); callers of one event-loop turn share one step.
   */
  look(concertId: ConcertId, userId: UserId, place: PlaceMark): Promise<QueueSnapshot>;
  figures(concertId: ConcertId): Promise<Omit<QueueSnapshot, "placeStatus">>;
  /**
   * Ends the user's live place for good if it is not newer than `place`; again changes nothing.
   * For PAID it is also remembered that he has bought here. An end that is told before `rebuild`
   * counts against what the database knew before.
   */
  end(
    concertId: ConcertId,
    userId: UserId,
    place: PlaceMark,
    reason: EndedReason,
  ): Promise<"ended" | "absent" | "newer">;
  /**
   * Puts back a place that the store has lost: with `activeUntilMs` into its slot, else into the queue at
   * its own order, or once the queue no longer waits for its people among those who came back, who are
   * served first. A place that is known here, or a newer one, stays as it is; but while the queue waits
   * for its people, somebody who waits here gets the slot of a token that says so, a slot that a hold has
   * made its session, and a place of this life on which he waits gives way to one of an earlier life: it
   * has ended, as left.
   */
  restore(
    concertId: ConcertId,
    userId: UserId,
    place: LostPlace,
    activeUntilMs: InstantMs | null,
  ): Promise<void>;
  /**
   * One admission pass: lapses slots whose lease is over, ends who waits when the queue is final,
   * refills the rate bucket, admits from the front and steps over who is absent there. Bounded by
   * `peopleMax`. While the queue waits for its people nobody is admitted, and nobody loses a slot for
   * not having come; nor after a time without any pass, in which nobody could.
   */
  pass(concertId: ConcertId, terms: PassTerms): Promise<PassReport>;
  /**
   * Brings a queue that may have lost people to what the database knows of some of them; after the
   * `last` ones it may go on. What is newer here stays, and after the `last` ones everything is.
   * Idempotent. O(people · log n). Answers the epoch in which that was done; null, and nothing done,
   * when it is not `onlyEpoch`: the queue was lost again, and those before are not there any more.
   */
  rebuild(
    concertId: ConcertId,
    people: readonly RecordedPlace[],
    last: boolean,
    onlyEpoch?: number | null,
  ): Promise<number | null>;
  /** The oldest journal entries that are not confirmed, at most `entriesMax`; null when there are none. */
  journal(concertId: ConcertId, entriesMax: number): Promise<JournalPage | null>;
  /** Forgets the entries of a page that the database has. Harmless when somebody else did. */
  confirm(concertId: ConcertId, page: JournalPage): Promise<void>;
}
