import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertId, ReservationId, UserId } from "#kernel/ids.ts";
import type { EndedReason, PlaceMark } from "#kernel/place.ts";
import type { PresenceTerms } from "../../domain/admission.ts";
import { isDrawValue, isLobbyPlace, placeOf, scoreOf } from "../../domain/place.ts";
import type { JournalEntry } from "../../ports/durable.ts";
import { sortedPeople } from "./sorted-people.ts";

export interface Hold {
  readonly reservationId: ReservationId;
  readonly expiresAtMs: InstantMs;
}

/** Somebody who has been admitted at least once. */
export interface Slot {
  readonly place: PlaceMark;
  state: "active" | "skipped" | "returned";
  /** No position that he was told is smaller. */
  lastPosition: number;
  secondChanceUsed: boolean;
  /** Null once the slot was claimed. */
  claimByMs: InstantMs | null;
  sessionUntilMs: InstantMs;
  hold: Hold | null;
  /** The lease in force: longer than the slot's own while a reservation is in flight. */
  leaseUntilMs: InstantMs;
  /** Attempts in flight; none when absent. */
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

/** One concert's queue in the memory of this process. */
export const newQueueState = (epoch: number, recoveryMs = 0) => ({
  epoch,
  lastIssued: 0,
  waiting: sortedPeople(),
  /** Whether the queue has had a lobby, and since when it is closed for the draw. */
  lobby: { isKnown: false, closedAtMs: null as InstantMs | null },
  /** The newest place in the lobby of everybody who has had one. */
  lobbyPlaces: new Map<UserId, PlaceMark>(),
  drawing: null as { readonly drawId: string; readonly untilMs: InstantMs } | null,
  /** By order of return. */
  returned: sortedPeople(),
  returns: 0,
  slots: new Map<UserId, Slot>(),
  bought: new Set<UserId>(),
  ended: new Map<UserId, Ended>(),
  /** Of who came back with an older place while people were waited for: the score of the newer one. */
  replaced: new Map<UserId, number>(),
  journal: [] as JournalEntry[],
  journalN: 0,
  /** One entry an admission of the last minute. */
  admissions: [] as { readonly second: number; count: number }[],
  admittedTotal: 0,
  firstAdmittedAtMs: null as InstantMs | null,
  servingScore: 0,
  endings: { PAID: 0, LEFT: 0, LAPSED: 0, SOLD_OUT: 0, CLOSED: 0 } satisfies Record<
    EndedReason,
    number
  >,
  /** 60,000 units are one token; null before the first pass. */
  bucket: null as { units: number; refilledAtMs: InstantMs } | null,
  /** After a possible loss: how long to wait for people, until when, and whether the database was heard. */
  recovery: (recoveryMs > 0
    ? { recoveryMs, untilMs: null, isRebuilt: false }
    : null) as Recovery | null,
  /** Until then nobody loses a slot for not having come. */
  claimGraceUntilMs: 0 as InstantMs,
  /** Until then no slot ends that was claimed: word of a hold that carries it may be on its way. */
  holdGraceUntilMs: 0 as InstantMs,
  /** Of who waits near the front: when he will be missed, and his position. */
  present: new Map<UserId, { readonly pollByMs: InstantMs; readonly lastPosition: number }>(),
  /** What the pass before has told about presence; null before the first one. */
  presenceTerms: null as PresenceTerms | null,
  /** Everybody near the front with a score up to this one has been thought of. */
  trackedThroughScore: null as number | null,
  /** Of a queue that is over: until when it is remembered; else null. */
  expiresAtMs: null as InstantMs | null,
  seatLocks: new Map<string, { owner: string; keyTag: string; untilMs: InstantMs }>(),
});

export type MemoryQueueState = ReturnType<typeof newQueueState>;

/** Looks up a concert's queue, made at first sight in an epoch of its own. */
export type FindQueue = (concertId: ConcertId) => Promise<MemoryQueueState>;

/** Until when a slot lasts by its own right. */
export const ownLeaseMs = (slot: Slot): InstantMs =>
  slot.claimByMs ?? Math.max(slot.sessionUntilMs, slot.hold?.expiresAtMs ?? 0);

/** Lets a slot last as long as a hold; whoever has one has come. */
export const extendSlot = (slot: Slot, hold: Hold): void => {
  slot.claimByMs = null;
  slot.hold = hold;
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

/** The place of somebody who waits with a score. */
export const waitingPlace = (queue: MemoryQueueState, userId: UserId, score: number): PlaceMark =>
  isDrawValue(score) ? (queue.lobbyPlaces.get(userId) as PlaceMark) : placeOf(score);

/** The live place of a user, wherever he is. */
export const livePlace = (queue: MemoryQueueState, userId: UserId): PlaceMark | null => {
  const score = queue.waiting.scoreOf(userId);
  if (score === undefined) return queue.slots.get(userId)?.place ?? null;
  return waitingPlace(queue, userId, score);
};

/** A place for somebody who comes to the lobby: never one that he has had. */
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

export const removeUser = (queue: MemoryQueueState, userId: UserId): void => {
  queue.waiting.remove(userId);
  queue.returned.remove(userId);
  queue.slots.delete(userId);
  queue.present.delete(userId);
};

export const rememberEnd = (
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
  removeUser(queue, userId);
  rememberEnd(queue, userId, place, end.reason);
  queue.endings[end.reason] += 1;
  appendJournal(queue, end.reason, userId, { ...place, atMs: end.atMs });
};

const isHolding = (slot: Slot, nowMs: InstantMs): boolean =>
  slot.hold !== null && slot.hold.expiresAtMs > nowMs;

/** ACTIVE people, and those of them whose slot is carried by a hold. O(slots). */
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
