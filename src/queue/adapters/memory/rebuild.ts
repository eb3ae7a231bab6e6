import type { InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import type { RecordedPlace } from "../../recovery/domain/recorded-place.ts";
import { isLobbyPlace, scoreOf } from "../../admission/domain/place.ts";
import type { LostPlace } from "../../recovery/ports/recovery-store.ts";
import {
  extendClaimGrace,
  returnToQueue,
  restoreSlot,
  holdsSlot,
  awaitsRebuild,
  recoveryEndMs,
  noPosition,
  waitingSlot,
} from "./absence.ts";
import {
  extendSlot,
  endPlace,
  removePlace,
  livePlace,
  addToLobby,
  type Hold,
  type MemoryQueueState,
} from "./queue-state.ts";

/** Whether the queue knows no newer place of the user, and no end of this one. */
export const isNewest = (queue: MemoryQueueState, userId: UserId, place: PlaceMark): boolean => {
  const live = livePlace(queue, userId);
  const score = scoreOf(place);
  return (live === null || scoreOf(live) <= score) && (queue.ended.get(userId)?.score ?? 0) < score;
};

/** Before the draw no user knows a position. Once the lobby has closed, another instance may tell positions. */
const keepsOwnOrder = (queue: MemoryQueueState, { isBeforeDraw }: LostPlace): boolean =>
  isBeforeDraw === true && queue.lobby.closedAtMs === null;

/**
 * Whether a token may prove a slot that the queue has lost: an old snapshot may hold an admitted user as
 * waiting, and a hold may have made a slot without its session.
 */
const mayBeStale = (queue: MemoryQueueState, userId: UserId, nowMs: InstantMs): boolean => {
  const slot = queue.slots.get(userId);
  const isClaimed = slot?.state === "active" && slot.claimByMs === null;
  const isWhole = isClaimed && slot.sessionUntilMs > 0;
  return recoveryEndMs(queue, nowMs) !== null && !isWhole;
};

/** The hold that carries the slot of this place. */
const holdAt = (queue: MemoryQueueState, userId: UserId, place: PlaceMark): Hold | null => {
  const slot = queue.slots.get(userId);
  return slot !== undefined && holdsSlot(slot, place) ? slot.hold : null;
};

/** A place that this epoch gave while an older one was not known gives way to the older one. */
const replaceNewcomer = (
  queue: MemoryQueueState,
  userId: UserId,
  lost: PlaceMark,
  nowMs: InstantMs,
): void => {
  const live = livePlace(queue, userId);
  const isNewcomer = live?.epoch === queue.epoch && queue.waiting.scoreOf(userId) !== undefined;
  const hasEnded = (queue.ended.get(userId)?.score ?? 0) >= scoreOf(lost);
  if (live === null || !isNewcomer || lost.epoch >= queue.epoch || hasEnded) return;
  if (recoveryEndMs(queue, nowMs) === null) return;
  queue.replaced.set(userId, scoreOf(live));
  removePlace(queue, userId);
};

/** Restores a lost place, if the queue knows nothing newer of its user. */
export const restorePlace = (
  queue: MemoryQueueState,
  userId: UserId,
  lost: LostPlace & { readonly activeUntilMs: InstantMs | null },
  nowMs: InstantMs,
): void => {
  if (queue.replaced.get(userId) === scoreOf(lost)) return;
  replaceNewcomer(queue, userId, lost, nowMs);
  if (!isNewest(queue, userId, lost)) return;
  const place = { epoch: lost.epoch, seq: lost.seq };
  const sessionUntilMs = lost.activeUntilMs ?? 0;
  const isActive = sessionUntilMs > nowMs;
  const live = livePlace(queue, userId);
  const isHere = live !== null && scoreOf(live) === scoreOf(lost);
  if (isHere && !(isActive && mayBeStale(queue, userId, nowMs))) return;
  const hold = holdAt(queue, userId, place);
  removePlace(queue, userId);
  if (isActive) {
    restoreSlot(queue, userId, { place, lastPosition: noPosition, sessionUntilMs, hold });
  } else if (recoveryEndMs(queue, nowMs) === null && !keepsOwnOrder(queue, lost)) {
    returnToQueue(queue, userId, waitingSlot(place, noPosition, false), nowMs);
  } else if (lost.drawValue === undefined) queue.waiting.add(userId, scoreOf(place));
  else addToLobby(queue, userId, place, lost.drawValue);
};

const rebuildEnded = (queue: MemoryQueueState, person: RecordedPlace): void => {
  const { userId } = person;
  const live = livePlace(queue, userId);
  if (person.state.kind === "ended" && person.state.reason === "PAID") queue.bought.add(userId);
  if (live === null || scoreOf(live) > scoreOf(person)) return;
  const { epoch, seq } = person;
  if (queue.lobby.isKnown && isLobbyPlace(person)) queue.lobbyPlaces.set(userId, { epoch, seq });
  removePlace(queue, userId);
};

const rebuildAdmitted = (
  queue: MemoryQueueState,
  { userId, place, nowMs }: { userId: UserId; place: PlaceMark; nowMs: InstantMs },
  state: Extract<RecordedPlace["state"], { kind: "admitted" }>,
): void => {
  const slot = queue.slots.get(userId);
  const { activeUntilMs, hold } = state;
  if (slot !== undefined && holdsSlot(slot, place) && slot.sessionUntilMs >= activeUntilMs) {
    if (hold !== null && hold.expiresAtMs > Math.max(nowMs, slot.hold?.expiresAtMs ?? 0)) {
      extendSlot(queue, { userId, slot, hold }, nowMs);
    }
    return;
  }
  // A hold that reached the store since the loss is newer than the record.
  const known = holdAt(queue, userId, place);
  const kept = endOf(known) > endOf(hold) ? known : hold;
  if (Math.max(activeUntilMs, endOf(kept)) <= nowMs) {
    endPlace(queue, userId, place, { reason: "LAPSED", atMs: nowMs });
    return;
  }
  removePlace(queue, userId);
  const sessionUntilMs = activeUntilMs;
  restoreSlot(queue, userId, { place, lastPosition: noPosition, sessionUntilMs, hold: kept });
};

const endOf = (hold: Hold | null): InstantMs => hold?.expiresAtMs ?? 0;

/** Applies the record of one user, unless the queue knows something newer. */
const rebuildPerson = (queue: MemoryQueueState, person: RecordedPlace, nowMs: InstantMs): void => {
  const { userId, state } = person;
  if (state.kind === "ended") return rebuildEnded(queue, person);
  if (!isNewest(queue, userId, person)) return;
  const place = { epoch: person.epoch, seq: person.seq };
  if (state.kind === "admitted") return rebuildAdmitted(queue, { userId, place, nowMs }, state);
  const slot = queue.slots.get(userId);
  // The record tells that the lease of a slot that was never claimed is over.
  const isOld = slot?.state === "active" && slot.claimByMs !== null;
  if (slot !== undefined && scoreOf(slot.place) === scoreOf(place) && !isOld) return;
  removePlace(queue, userId);
  queue.slots.set(userId, waitingSlot(place, noPosition, state.hasBeenAdmitted));
};

/** Applies records of the database; after the `last` ones the recovery may end. */
export const rebuildPeople = (
  queue: MemoryQueueState,
  people: readonly RecordedPlace[],
  { last, nowMs }: { readonly last: boolean; readonly nowMs: InstantMs },
): void => {
  // Another instance has applied the last records, and these are old.
  if (!awaitsRebuild(queue, nowMs) || queue.recovery === null) return;
  for (const person of people) rebuildPerson(queue, person, nowMs);
  if (!last) return;
  queue.recovery.isRebuilt = true;
  // Until now no user could claim a slot of an old snapshot.
  if (queue.presenceTerms !== null) extendClaimGrace(queue, queue.presenceTerms, nowMs);
};
