import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertId, ReservationId, UserId } from "#kernel/ids.ts";
import type { EndedReason, PlaceMark } from "#kernel/place.ts";
import type { PresenceTerms } from "../../admission/domain/admission.ts";
import { isDrawValue, isLobbyPlace, placeOf, scoreOf } from "../../admission/domain/place.ts";
import type { FinalState } from "../../admission/domain/queue-state.ts";
import type { JournalEntry } from "../../admission/ports/journal.ts";
import { sortedPeople } from "./sorted-people.ts";

export interface Hold {
  readonly reservationId: ReservationId;
  readonly expiresAtMs: InstantMs;
}

/** The slot of a user who was admitted or skipped. */
export interface Slot {
  readonly place: PlaceMark;
  state: "active" | "skipped" | "returned";
  /** The smallest position that the user was told. */
  lastPosition: number;
  secondChanceUsed: boolean;
  /** Null: the slot is claimed. */
  claimByMs: InstantMs | null;
  sessionUntilMs: InstantMs;
  hold: Hold | null;
  /** End of a slot that is not used before; absent: none. */
  idleUntilMs?: InstantMs | undefined;
  /** End of the lease: later than the slot's own while an attempt is in flight. */
  leaseUntilMs: InstantMs;
  /** Attempts in flight that have extended the lease; absent: none. */
  inFlight?: number;
}

interface Recovery {
  readonly recoveryMs: number;
  /** Null until the first step. */
  untilMs: InstantMs | null;
  isRebuilt: boolean;
}

export interface Ended {
  readonly score: number;
  readonly reason: EndedReason;
}

/** The furthest place that had been given when the queue ended, and the reason. */
export interface QueueEnd {
  readonly score: number;
  readonly reason: FinalState;
}

/** The queue of one concert in the memory of this process. */
export const newQueueState = (
  epoch: number,
  recoveryMs = 0,
  waitingListAtMs: InstantMs | null = null,
) => ({
  epoch,
  lastIssued: 0,
  waiting: sortedPeople(),
  /** Whether the queue has had a lobby, and when it closed for the draw. */
  lobby: { isKnown: false, closedAtMs: null as InstantMs | null },
  /** The newest lobby place of each user who has had one. */
  lobbyPlaces: new Map<UserId, PlaceMark>(),
  drawing: null as { readonly drawId: string; readonly untilMs: InstantMs } | null,
  /** By order of return. */
  returned: sortedPeople(),
  returns: 0,
  slots: new Map<UserId, Slot>(),
  bought: new Set<UserId>(),
  ended: new Map<UserId, Ended>(),
  /** The last end of the queue, after which it may have gone on. */
  queueEnd: null as QueueEnd | null,
  /** Score of the place of a user that gave way to an older one during a recovery. */
  replaced: new Map<UserId, number>(),
  journal: [] as JournalEntry[],
  journalN: 0,
  /** Admissions of the last minute, by epoch second. */
  admissions: [] as { readonly second: number; count: number }[],
  admittedTotal: 0,
  firstAdmittedAtMs: null as InstantMs | null,
  /** Slots that have ended, and users who left while they waited. */
  turnsEnded: 0,
  leftWaiting: 0,
  /** Sums over users of the time that they have spent, up to the last pass. */
  spent: { activeMs: 0, holdingMs: 0, waitingMs: 0 },
  servingScore: 0,
  endings: { PAID: 0, LEFT: 0, LAPSED: 0, SOLD_OUT: 0, ENDED: 0, CLOSED: 0 } satisfies Record<
    EndedReason,
    number
  >,
  /** The rate limiter: 60,000 units are one token; null before the first pass. */
  bucket: null as { units: number; refilledAtMs: InstantMs } | null,
  /** After a possible loss: ms to wait for users, the end of that, and whether the queue is rebuilt. */
  recovery: (recoveryMs > 0
    ? { recoveryMs, untilMs: null, isRebuilt: false }
    : null) as Recovery | null,
  /** Before it no user loses a slot that was not claimed. */
  claimGraceUntilMs: 0 as InstantMs,
  /** Before it no claimed slot ends: the queue may not know yet of a hold that carries it. */
  holdGraceUntilMs: 0 as InstantMs,
  /** Of users near the front: when they must ask again by, and the position that they were told. */
  presence: new Map<UserId, { readonly pollByMs: InstantMs; readonly lastPosition: number }>(),
  /** When the waiting list began; null: it has not. */
  waitingListAtMs,
  /** When users of a waiting list took a seat, for those of the last seconds. */
  taken: new Map<UserId, InstantMs>(),
  /** Of the last pass: the time after which an ACTIVE slot that is not used ends; 0: never. */
  idleMs: 0,
  /** The terms of the last pass; null before the first one. */
  presenceTerms: null as PresenceTerms | null,
  /** The front is tracked up to this score. */
  trackedThroughScore: null as number | null,
  /** Of a queue that is over: when it expires; else null. */
  expiresAtMs: null as InstantMs | null,
  seatLocks: new Map<string, { owner: string; keyTag: string; untilMs: InstantMs }>(),
});

export type MemoryQueueState = ReturnType<typeof newQueueState>;

/** Finds the queue of a concert, or makes one in a new epoch. */
export type FindQueue = (concertId: ConcertId) => Promise<MemoryQueueState>;

/** Until when a slot lasts by itself; an attempt in flight can only extend its lease. */
export const ownLeaseMs = (slot: Slot): InstantMs => {
  const sessionUntilMs = Math.min(slot.sessionUntilMs, slot.idleUntilMs ?? Infinity);
  return slot.claimByMs ?? Math.max(sessionUntilMs, slot.hold?.expiresAtMs ?? 0);
};

/** Lets the time of a slot that is not used begin at a moment. */
export const useSlot = (
  { idleMs }: Pick<MemoryQueueState, "idleMs">,
  slot: Slot,
  fromMs: InstantMs,
): void => {
  slot.idleUntilMs = idleMs > 0 ? fromMs + idleMs : undefined;
};

/** Notes that a user takes a seat: an instance whose stock is older still counts the seat as free. */
export const noteTaken = (queue: MemoryQueueState, userId: UserId, nowMs: InstantMs): void => {
  if (queue.waitingListAtMs !== null) queue.taken.set(userId, nowMs);
};

/** Lets the slot of a user last as long as a hold; it counts as claimed. */
export const extendSlot = (
  queue: MemoryQueueState,
  { userId, slot, hold }: { readonly userId: UserId; readonly slot: Slot; readonly hold: Hold },
  nowMs: InstantMs,
): void => {
  if (slot.hold?.reservationId !== hold.reservationId) noteTaken(queue, userId, nowMs);
  slot.claimByMs = null;
  slot.hold = hold;
  useSlot(queue, slot, Math.max(nowMs, hold.expiresAtMs));
  slot.leaseUntilMs = Math.max(slot.leaseUntilMs, ownLeaseMs(slot));
};

export const appendJournal = (
  queue: MemoryQueueState,
  kind: JournalEntry["kind"],
  userId: UserId,
  entry: PlaceMark & { readonly atMs: InstantMs; readonly activeUntilMs?: InstantMs },
): void => {
  queue.journalN += 1;
  const { epoch, seq, atMs, activeUntilMs = null } = entry;
  queue.journal.push({ n: queue.journalN, kind, userId, epoch, seq, atMs, activeUntilMs });
};

/** The place of a user who waits with this score. */
export const waitingPlace = (queue: MemoryQueueState, userId: UserId, score: number): PlaceMark =>
  isDrawValue(score) ? (queue.lobbyPlaces.get(userId) as PlaceMark) : placeOf(score);

/** The live place of a user, or null. */
export const livePlace = (queue: MemoryQueueState, userId: UserId): PlaceMark | null => {
  const score = queue.waiting.scoreOf(userId);
  if (score === undefined) return queue.slots.get(userId)?.place ?? null;
  return waitingPlace(queue, userId, score);
};

/** A place in the lobby that the user has never had. */
export const nextLobbyPlace = (queue: MemoryQueueState, userId: UserId): PlaceMark => {
  const known = queue.lobbyPlaces.get(userId);
  const scores = [known === undefined ? 0 : scoreOf(known), queue.replaced.get(userId) ?? 0];
  const first = { epoch: queue.epoch, seq: 1 };
  return placeOf(Math.max(...scores.map((score) => score + 1), scoreOf(first)));
};

export const addToLobby = (
  queue: MemoryQueueState,
  userId: UserId,
  place: PlaceMark,
  drawValue: number,
): void => {
  queue.lobby.isKnown = true;
  queue.lobbyPlaces.set(userId, place);
  queue.waiting.add(userId, drawValue);
};

export const removePlace = (queue: MemoryQueueState, userId: UserId): void => {
  queue.waiting.remove(userId);
  queue.returned.remove(userId);
  queue.slots.delete(userId);
  queue.presence.delete(userId);
};

export const saveEnd = (
  queue: MemoryQueueState,
  userId: UserId,
  place: PlaceMark,
  reason: EndedReason,
): void => {
  queue.ended.set(userId, { score: scoreOf(place), reason });
};

export const endPlace = (
  queue: MemoryQueueState,
  userId: UserId,
  place: PlaceMark,
  end: { readonly reason: EndedReason; readonly atMs: InstantMs },
): void => {
  if (queue.lobby.isKnown && isLobbyPlace(place)) queue.lobbyPlaces.set(userId, place);
  const state = queue.slots.get(userId)?.state;
  if (state === "active") queue.turnsEnded += 1;
  if (state === "returned" || queue.waiting.scoreOf(userId) !== undefined) queue.leftWaiting += 1;
  removePlace(queue, userId);
  saveEnd(queue, userId, place, end.reason);
  queue.endings[end.reason] += 1;
  appendJournal(queue, end.reason, userId, { ...place, atMs: end.atMs });
};

export const isHolding = (slot: Slot, nowMs: InstantMs): boolean =>
  slot.hold !== null && slot.hold.expiresAtMs > nowMs;

/** Counts the ACTIVE users, and those whose slot a lasting hold carries. O(slots). */
export const countActive = (
  queue: MemoryQueueState,
  nowMs: InstantMs,
): { readonly active: number; readonly holding: number } => {
  const active = [...queue.slots.values()].filter(({ state }) => state === "active");
  return {
    active: active.length,
    holding: active.filter((slot) => isHolding(slot, nowMs)).length,
  };
};
