import type { InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import type { WatchTerms } from "../../domain/admission.ts";
import { endPlace, note, ownLeaseMs, type MemoryQueueState, type Slot } from "./queue-state.ts";

/** Stands for the position of somebody who was told none. */
export const untold = 2_147_483_647;

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
export const isPuttingBack = (queue: MemoryQueueState, nowMs: InstantMs): boolean =>
  recoveryEndMs(queue, nowMs) !== null && queue.recovery?.isRebuilt === false;

/** Somebody who waits, or waited, outside of the order of the queue. */
export const waitingSlot = (
  place: PlaceMark,
  toldPosition: number,
  secondChanceUsed: boolean,
): Slot => ({
  place: { epoch: place.epoch, seq: place.seq },
  state: "aside",
  toldPosition,
  secondChanceUsed,
  claimByMs: null,
  sessionUntilMs: 0,
  hold: null,
  leaseUntilMs: 0,
});

/** He is not here: he is not waited for, and is served first when he comes back. */
export const setAside = (
  queue: MemoryQueueState,
  userId: UserId,
  slot: Slot,
  atMs: InstantMs,
): void => {
  slot.state = "aside";
  queue.slots.set(userId, slot);
  queue.present.delete(userId);
  note(queue, "STEPPED_OVER", userId, { ...slot.place, atMs });
};

/** He is here again, or for the first time in this life of the store. */
export const comeBack = (
  queue: MemoryQueueState,
  userId: UserId,
  slot: Slot,
  atMs: InstantMs,
): void => {
  slot.state = "returned";
  queue.slots.set(userId, slot);
  queue.returns += 1;
  queue.returned.add(userId, queue.returns);
  note(queue, "RETURNED", userId, { ...slot.place, atMs });
};

/** Until when a slot does not end, because what carries it may not be known here yet. */
export const sparedUntil = (queue: MemoryQueueState, slot: Slot, atMs: InstantMs): InstantMs => {
  if (isPuttingBack(queue, atMs)) return atMs + 1_000;
  return slot.claimByMs === null ? queue.sparedUntilMs : 0;
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
): "lapsed" | "stepped-over" | "kept" => {
  const spareMs = sparedUntil(queue, slot, atMs);
  if (atMs < spareMs) {
    slot.leaseUntilMs = spareMs;
    return "kept";
  }
  const lenientMs = Math.max(recoveryEndMs(queue, atMs) ?? 0, queue.lenientUntilMs);
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
  setAside(queue, userId, slot, atMs);
  return "stepped-over";
};

/** He has been told to ask again, at the latest in the time that goes with his position. */
export const expect = (
  queue: MemoryQueueState,
  userId: UserId,
  at: { readonly rank: number; readonly told: number; readonly nowMs: InstantMs },
): void => {
  const { watch } = queue;
  if (watch === null || at.rank >= watch.watchMax) return;
  const nearMs =
    recoveryEndMs(queue, at.nowMs) === null
      ? Math.max(watch.askNearMs, at.told * watch.askPerPlaceMs)
      : watch.askSlowestMs;
  const askByMs = at.nowMs + Math.min(watch.askSlowestMs, nearMs) + watch.graceMs;
  queue.present.set(userId, { askByMs, told: at.told });
};

/** The position that somebody was told last, if he is past the moment when he would have asked again. */
export const toldIfAbsent = (
  queue: MemoryQueueState,
  userId: UserId,
  nowMs: InstantMs,
): number | null => {
  const expected = queue.present.get(userId);
  return expected !== undefined && nowMs >= expected.askByMs ? expected.told : null;
};

/** Nobody is known to have been told anything: those at the front will be thought of anew. */
const forgetPresence = (queue: MemoryQueueState): void => {
  queue.present.clear();
  queue.watchedScore = null;
};

/** Nobody loses a slot for not having come before he was to ask again. */
export const beLenient = (queue: MemoryQueueState, watch: WatchTerms, nowMs: InstantMs): void => {
  queue.lenientUntilMs = Math.max(
    recoveryEndMs(queue, nowMs) ?? 0,
    queue.lenientUntilMs,
    nowMs + watch.askSlowestMs + watch.graceMs,
  );
};

/** After a time in which nobody was there to be asked, nobody has missed anything. */
export const judgeSilence = (
  queue: MemoryQueueState,
  watch: WatchTerms,
  nowMs: InstantMs,
): void => {
  const lastPassMs = queue.bucket?.refilledAtMs ?? nowMs;
  if (nowMs - lastPassMs <= watch.silenceMs) return;
  forgetPresence(queue);
  beLenient(queue, watch, nowMs);
  queue.sparedUntilMs = Math.max(queue.sparedUntilMs, nowMs + watch.graceMs);
};

/** Who comes near the front has last been told to ask again in the slowest time, or sooner. */
export const watchFront = (
  queue: MemoryQueueState,
  watch: WatchTerms,
  peopleMax: number,
  nowMs: InstantMs,
): void => {
  // Behind a front that has become shorter nobody's asking is kept, so what was kept of it is old.
  if (queue.watch !== null && watch.watchMax < queue.watch.watchMax) forgetPresence(queue);
  queue.watch = watch;
  const known = queue.watchedScore === null ? 0 : queue.waiting.countThrough(queue.watchedScore);
  const room = Math.min(peopleMax, watch.watchMax - known);
  if (room <= 0) return;
  const askByMs = nowMs + watch.askSlowestMs + watch.graceMs;
  const come = queue.waiting.listFrom(known, room);
  for (const [index, { userId }] of come.entries()) {
    if (queue.present.has(userId)) continue;
    queue.present.set(userId, { askByMs, told: known + index + 1 });
  }
  queue.watchedScore = come.at(-1)?.score ?? queue.watchedScore;
};

/** Whether a slot is still in force by its own right or that of an attempt in flight. */
export const holdsSlot = (slot: Slot, place: PlaceMark): boolean =>
  slot.state === "active" && slot.place.epoch === place.epoch && slot.place.seq === place.seq;

/** Puts somebody into a slot that the store has lost; whether he had come is not known. */
export const giveBackSlot = (
  queue: MemoryQueueState,
  userId: UserId,
  slot: Pick<Slot, "place" | "toldPosition" | "sessionUntilMs" | "hold">,
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
