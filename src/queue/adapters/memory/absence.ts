import type { InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import type { PresenceTerms } from "../../admission/domain/admission.ts";
import {
  endPlace,
  appendJournal,
  ownLeaseMs,
  type MemoryQueueState,
  type Slot,
} from "./queue-state.ts";

/** Stands for the position of a user who was told none: larger than any position. */
export const noPosition = 2_147_483_647;

/**
 * Until when no user is admitted, because the queue waits for users whose places may be lost; null when it
 * does not recover. The recovery ends when its time is over and the queue is rebuilt, and stays ended.
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

/** Whether the queue recovers and is not rebuilt. */
export const awaitsRebuild = (queue: MemoryQueueState, nowMs: InstantMs): boolean =>
  recoveryEndMs(queue, nowMs) !== null && queue.recovery?.isRebuilt === false;

/** The slot of a user who waits, or is away, outside the order of the queue. */
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

/**
 * Marks the place of a user who is absent, or did not claim the slot, as skipped. Others are admitted; on
 * return the user is served first.
 */
export const skipPlace = (
  queue: MemoryQueueState,
  userId: UserId,
  slot: Slot,
  atMs: InstantMs,
): void => {
  slot.state = "skipped";
  queue.slots.set(userId, slot);
  queue.presence.delete(userId);
  appendJournal(queue, "STEPPED_OVER", userId, { ...slot.place, atMs });
};

/** Puts a user who is here again behind those who returned before, ahead of the queue. */
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

/** Before it a slot does not end, because the queue may not know yet that a hold carries it; 0: no grace. */
export const holdGraceEndMs = (queue: MemoryQueueState, slot: Slot, atMs: InstantMs): InstantMs => {
  if (awaitsRebuild(queue, atMs)) return atMs + 1_000;
  return slot.claimByMs === null ? queue.holdGraceUntilMs : 0;
};

/**
 * Judges an ACTIVE slot whose lease is over. Outcomes, first that applies:
 * - `kept`     during a grace period: a hold may carry the slot, or the user could not claim it
 * - `lapsed`   the slot was claimed, or an earlier admission was not: the place ends
 * - `skipped`  the slot was not claimed, and this is the first time: the user gets a second chance on return
 */
export const expireLease = (
  queue: MemoryQueueState,
  userId: UserId,
  slot: Slot,
  atMs: InstantMs,
): "lapsed" | "skipped" | "kept" => {
  const graceEndMs = holdGraceEndMs(queue, slot, atMs);
  if (atMs < graceEndMs) {
    slot.leaseUntilMs = graceEndMs;
    return "kept";
  }
  const claimGraceMs = Math.max(recoveryEndMs(queue, atMs) ?? 0, queue.claimGraceUntilMs);
  const keptUntilMs = Math.min(claimGraceMs, slot.sessionUntilMs);
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
  queue.turnsEnded += 1;
  skipPlace(queue, userId, slot, atMs);
  return "skipped";
};

/** Notes by when a user near the front must ask again, and the position that the user was told. */
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
  queue.presence.set(userId, { pollByMs, lastPosition: at.lastPosition });
};

/** The position that the user was told last, if the user should have asked again by now; else null. */
export const lastPositionIfAbsent = (
  queue: MemoryQueueState,
  userId: UserId,
  nowMs: InstantMs,
): number | null => {
  const expected = queue.presence.get(userId);
  return expected !== undefined && nowMs >= expected.pollByMs ? expected.lastPosition : null;
};

/** Forgets by when users must ask again; `trackFront` begins at the front anew. */
const clearPresence = (queue: MemoryQueueState): void => {
  queue.presence.clear();
  queue.trackedThroughScore = null;
};

/** Gives every user until the next time to ask to claim a slot. */
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

/** Grants a grace period when there was no pass for longer than `passGapMs`: users could not ask. */
export const forgivePassGap = (
  queue: MemoryQueueState,
  presence: PresenceTerms,
  nowMs: InstantMs,
): void => {
  const lastPassMs = queue.bucket?.refilledAtMs ?? nowMs;
  if (nowMs - lastPassMs <= presence.passGapMs) return;
  clearPresence(queue);
  extendClaimGrace(queue, presence, nowMs);
  queue.holdGraceUntilMs = Math.max(queue.holdGraceUntilMs, nowMs + presence.graceMs);
};

/** Gives each user who comes near the front a time to ask by: `pollSlowestMs` and the grace from now. */
export const trackFront = (
  queue: MemoryQueueState,
  presence: PresenceTerms,
  peopleMax: number,
  nowMs: InstantMs,
): void => {
  // Presence is not kept behind a front that has become shorter, so what is there is out of date.
  if (queue.presenceTerms !== null && presence.trackedMax < queue.presenceTerms.trackedMax)
    clearPresence(queue);
  queue.presenceTerms = presence;
  const known =
    queue.trackedThroughScore === null ? 0 : queue.waiting.countThrough(queue.trackedThroughScore);
  const room = Math.min(peopleMax, presence.trackedMax - known);
  if (room <= 0) return;
  const pollByMs = nowMs + presence.pollSlowestMs + presence.graceMs;
  const come = queue.waiting.listFrom(known, room);
  for (const [index, { userId }] of come.entries()) {
    if (queue.presence.has(userId)) continue;
    queue.presence.set(userId, { pollByMs, lastPosition: known + index + 1 });
  }
  queue.trackedThroughScore = come.at(-1)?.score ?? queue.trackedThroughScore;
};

/** Whether the slot is ACTIVE and of this place. */
export const holdsSlot = (slot: Slot, place: PlaceMark): boolean =>
  slot.state === "active" && slot.place.epoch === place.epoch && slot.place.seq === place.seq;

/** Puts a user into an ACTIVE slot that only a token or the database knows of. It counts as claimed. */
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
