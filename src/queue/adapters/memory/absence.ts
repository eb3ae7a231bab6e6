import type { InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import type { PresenceTerms } from "../../domain/admission.ts";
import {
  endPlace,
  appendJournal,
  ownLeaseMs,
  type MemoryQueueState,
  type Slot,
} from "./queue-state.ts";

/** Stands for the position of somebody who was told none. */
export const noPosition = 2_147_483_647;

/**
 * Until when nobody is admitted, because the queue waits for people whom its store may have lost; null
 * once that is over and what the database knows has been put back. Once over, it stays over.
 */
export const recoveryEndMs = (queue: MemoryQueueState, nowMs: InstantMs): InstantMs | null => {
  const { recovery } = queue;
  if (recovery === null) return null;
  recovery.untilMs ??= nowMs + recovery.recoveryMs;
  if (nowMs < recovery.untilMs) return recovery.untilMs;
  if (!recovery.isRebuilt) return nowMs + 1_000;
  queue.recovery = null;
  return null;
};

/** Whether what the database knows has yet to be put back. */
export const awaitsRebuild = (queue: MemoryQueueState, nowMs: InstantMs): boolean =>
  recoveryEndMs(queue, nowMs) !== null && queue.recovery?.isRebuilt === false;

/** Somebody who waits, or waited, outside of the order of the queue. */
export const waitingSlot = (
  place: PlaceMark,
  lastPosition: number,
  secondChanceUsed: boolean,
): Slot => ({
  place: { epoch: place.epoch, seq: place.seq },
  state: "skipped",
  lastPosition,
  secondChanceUsed,
  claimByMs: null,
  sessionUntilMs: 0,
  hold: null,
  leaseUntilMs: 0,
});

/** He is not here: he is not waited for, and is served first when he comes back. */
export const skip = (
  queue: MemoryQueueState,
  userId: UserId,
  slot: Slot,
  atMs: InstantMs,
): void => {
  slot.state = "skipped";
  queue.slots.set(userId, slot);
  queue.present.delete(userId);
  appendJournal(queue, "STEPPED_OVER", userId, { ...slot.place, atMs });
};

/** He is here again, or for the first time in this life of the store. */
export const returnToQueue = (
  queue: MemoryQueueState,
  userId: UserId,
  slot: Slot,
  atMs: InstantMs,
): void => {
  slot.state = "returned";
  queue.slots.set(userId, slot);
  queue.returns += 1;
  queue.returned.add(userId, queue.returns);
  appendJournal(queue, "RETURNED", userId, { ...slot.place, atMs });
};

/** Until when a slot does not end, because what carries it may not be known here yet. */
export const holdGraceEndMs = (queue: MemoryQueueState, slot: Slot, atMs: InstantMs): InstantMs => {
  if (awaitsRebuild(queue, atMs)) return atMs + 1_000;
  return slot.claimByMs === null ? queue.holdGraceUntilMs : 0;
};

/**
 * A slot whose lease is over: who never came is set aside, once; all others have had their turn. Who
 * could not come keeps it, and everybody while it cannot be known whether a hold carries it.
 */
export const lapse = (
  queue: MemoryQueueState,
  userId: UserId,
  slot: Slot,
  atMs: InstantMs,
): "lapsed" | "skipped" | "kept" => {
  const spareMs = holdGraceEndMs(queue, slot, atMs);
  if (atMs < spareMs) {
    slot.leaseUntilMs = spareMs;
    return "kept";
  }
  const lenientMs = Math.max(recoveryEndMs(queue, atMs) ?? 0, queue.claimGraceUntilMs);
  const keptUntilMs = Math.min(lenientMs, slot.sessionUntilMs);
  if (slot.claimByMs !== null && atMs < keptUntilMs) {
    slot.claimByMs = keptUntilMs;
    slot.leaseUntilMs = keptUntilMs;
    return "kept";
  }
  if (slot.claimByMs === null || slot.secondChanceUsed) {
    endPlace(queue, userId, slot.place, { reason: "LAPSED", atMs });
    return "lapsed";
  }
  slot.secondChanceUsed = true;
  skip(queue, userId, slot, atMs);
  return "skipped";
};

/** He has been told to ask again, at the latest in the time that goes with his position. */
export const trackPresence = (
  queue: MemoryQueueState,
  userId: UserId,
  at: { readonly rank: number; readonly lastPosition: number; readonly nowMs: InstantMs },
): void => {
  const { presenceTerms: presence } = queue;
  if (presence === null || at.rank >= presence.trackedMax) return;
  const nearMs =
    recoveryEndMs(queue, at.nowMs) === null
      ? Math.max(presence.pollNearMs, at.lastPosition * presence.pollPerPlaceMs)
      : presence.pollSlowestMs;
  const pollByMs = at.nowMs + Math.min(presence.pollSlowestMs, nearMs) + presence.graceMs;
  queue.present.set(userId, { pollByMs, lastPosition: at.lastPosition });
};

/** The position that somebody was told last, if he is past the moment when he would have asked again. */
export const lastPositionIfAbsent = (
  queue: MemoryQueueState,
  userId: UserId,
  nowMs: InstantMs,
): number | null => {
  const expected = queue.present.get(userId);
  return expected !== undefined && nowMs >= expected.pollByMs ? expected.lastPosition : null;
};

/** Nobody is known to have been told anything: those at the front will be thought of anew. */
const forgetPresence = (queue: MemoryQueueState): void => {
  queue.present.clear();
  queue.trackedThroughScore = null;
};

/** Nobody loses a slot for not having come before he was to ask again. */
export const extendClaimGrace = (
  queue: MemoryQueueState,
  presence: PresenceTerms,
  nowMs: InstantMs,
): void => {
  queue.claimGraceUntilMs = Math.max(
    recoveryEndMs(queue, nowMs) ?? 0,
    queue.claimGraceUntilMs,
    nowMs + presence.pollSlowestMs + presence.graceMs,
  );
};

/** After a time in which nobody was there to be asked, nobody has missed anything. */
export const forgivePassGap = (
  queue: MemoryQueueState,
  presence: PresenceTerms,
  nowMs: InstantMs,
): void => {
  const lastPassMs = queue.bucket?.refilledAtMs ?? nowMs;
  if (nowMs - lastPassMs <= presence.passGapMs) return;
  forgetPresence(queue);
  extendClaimGrace(queue, presence, nowMs);
  queue.holdGraceUntilMs = Math.max(queue.holdGraceUntilMs, nowMs + presence.graceMs);
};

/** Who comes near the front has last been told to ask again in the slowest time, or sooner. */
export const trackFront = (
  queue: MemoryQueueState,
  presence: PresenceTerms,
  peopleMax: number,
  nowMs: InstantMs,
): void => {
  // Behind a front that has become shorter nobody's asking is kept, so what was kept of it is old.
  if (queue.presenceTerms !== null && presence.trackedMax < queue.presenceTerms.trackedMax)
    forgetPresence(queue);
  queue.presenceTerms = presence;
  const known =
    queue.trackedThroughScore === null ? 0 : queue.waiting.countThrough(queue.trackedThroughScore);
  const room = Math.min(peopleMax, presence.trackedMax - known);
  if (room <= 0) return;
  const pollByMs = nowMs + presence.pollSlowestMs + presence.graceMs;
  const come = queue.waiting.listFrom(known, room);
  for (const [index, { userId }] of come.entries()) {
    if (queue.present.has(userId)) continue;
    queue.present.set(userId, { pollByMs, lastPosition: known + index + 1 });
  }
  queue.trackedThroughScore = come.at(-1)?.score ?? queue.trackedThroughScore;
};

/** Whether a slot is still in force by its own right or that of an attempt in flight. */
export const holdsSlot = (slot: Slot, place: PlaceMark): boolean =>
  slot.state === "active" && slot.place.epoch === place.epoch && slot.place.seq === place.seq;

/** Puts somebody into a slot that the store has lost; whether he had come is not known. */
export const restoreSlot = (
  queue: MemoryQueueState,
  userId: UserId,
  slot: Pick<Slot, "place" | "lastPosition" | "sessionUntilMs" | "hold">,
): void => {
  const given: Slot = {
    ...slot,
    state: "active",
    secondChanceUsed: true,
    claimByMs: null,
    leaseUntilMs: 0,
  };
  given.leaseUntilMs = ownLeaseMs(given);
  queue.slots.set(userId, given);
};
