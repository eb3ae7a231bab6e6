import type { InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import type { WatchTerms } from "../../domain/admission.ts";
import { endPlace, note, ownLeaseMs, type LineState, type Slot } from "./line-state.ts";

/** Stands for the position of somebody who was told none. */
export const untold = 2_147_483_647;

/**
 * Until when nobody is admitted, because the line waits for people whom its store may have lost; null
 * once that is over and what the database knows has been put back. Once over, it stays over.
 */
export const recoveryEndMs = (line: LineState, nowMs: InstantMs): InstantMs | null => {
  const { recovery } = line;
  if (recovery === null) return null;
  recovery.untilMs ??= nowMs + recovery.recoveryMs;
  if (nowMs < recovery.untilMs) return recovery.untilMs;
  if (!recovery.isRebuilt) return nowMs + 1_000;
  line.recovery = null;
  return null;
};

/** Whether what the database knows has yet to be put back. */
export const isPuttingBack = (line: LineState, nowMs: InstantMs): boolean =>
  recoveryEndMs(line, nowMs) !== null && line.recovery?.isRebuilt === false;

/** Somebody who waits, or waited, outside of the order of the line. */
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
export const setAside = (line: LineState, userId: UserId, slot: Slot, atMs: InstantMs): void => {
  slot.state = "aside";
  line.slots.set(userId, slot);
  line.present.delete(userId);
  note(line, "STEPPED_OVER", userId, { ...slot.place, atMs });
};

/** He is here again, or for the first time in this life of the store. */
export const comeBack = (line: LineState, userId: UserId, slot: Slot, atMs: InstantMs): void => {
  slot.state = "returned";
  line.slots.set(userId, slot);
  line.returns += 1;
  line.returned.add(userId, line.returns);
  note(line, "RETURNED", userId, { ...slot.place, atMs });
};

/** Until when a slot does not end, because what carries it may not be known here yet. */
export const sparedUntil = (line: LineState, slot: Slot, atMs: InstantMs): InstantMs => {
  if (isPuttingBack(line, atMs)) return atMs + 1_000;
  return slot.claimByMs === null ? line.sparedUntilMs : 0;
};

/**
 * A slot whose lease is over: who never came is set aside, once; all others have had their turn. Who
 * could not come keeps it, and everybody while it cannot be known whether a hold carries it.
 */
export const lapse = (
  line: LineState,
  userId: UserId,
  slot: Slot,
  atMs: InstantMs,
): "lapsed" | "stepped-over" | "kept" => {
  const spareMs = sparedUntil(line, slot, atMs);
  if (atMs < spareMs) {
    slot.leaseUntilMs = spareMs;
    return "kept";
  }
  const lenientMs = Math.max(recoveryEndMs(line, atMs) ?? 0, line.lenientUntilMs);
  const keptUntilMs = Math.min(lenientMs, slot.sessionUntilMs);
  if (slot.claimByMs !== null && atMs < keptUntilMs) {
    slot.claimByMs = keptUntilMs;
    slot.leaseUntilMs = keptUntilMs;
    return "kept";
  }
  if (slot.claimByMs === null || slot.secondChanceUsed) {
    endPlace(line, userId, slot.place, { reason: "LAPSED", atMs });
    return "lapsed";
  }
  slot.secondChanceUsed = true;
  setAside(line, userId, slot, atMs);
  return "stepped-over";
};

/** He has been told to ask again, at the latest in the time that goes with his position. */
export const expect = (
  line: LineState,
  userId: UserId,
  at: { readonly rank: number; readonly told: number; readonly nowMs: InstantMs },
): void => {
  const { watch } = line;
  if (watch === null || at.rank >= watch.watchMax) return;
  const nearMs =
    recoveryEndMs(line, at.nowMs) === null
      ? Math.max(watch.askNearMs, at.told * watch.askPerPlaceMs)
      : watch.askSlowestMs;
  const askByMs = at.nowMs + Math.min(watch.askSlowestMs, nearMs) + watch.graceMs;
  line.present.set(userId, { askByMs, told: at.told });
};

/** The position that somebody was told last, if he is past the moment when he would have asked again. */
export const toldIfAbsent = (line: LineState, userId: UserId, nowMs: InstantMs): number | null => {
  const expected = line.present.get(userId);
  return expected !== undefined && nowMs >= expected.askByMs ? expected.told : null;
};

/** Nobody is known to have been told anything: those at the front will be thought of anew. */
const forgetPresence = (line: LineState): void => {
  line.present.clear();
  line.watchedScore = null;
};

/** Nobody loses a slot for not having come before he was to ask again. */
export const beLenient = (line: LineState, watch: WatchTerms, nowMs: InstantMs): void => {
  line.lenientUntilMs = Math.max(
    recoveryEndMs(line, nowMs) ?? 0,
    line.lenientUntilMs,
    nowMs + watch.askSlowestMs + watch.graceMs,
  );
};

/** After a time in which nobody was there to be asked, nobody has missed anything. */
export const judgeSilence = (line: LineState, watch: WatchTerms, nowMs: InstantMs): void => {
  const lastPassMs = line.bucket?.refilledAtMs ?? nowMs;
  if (nowMs - lastPassMs <= watch.silenceMs) return;
  forgetPresence(line);
  beLenient(line, watch, nowMs);
  line.sparedUntilMs = Math.max(line.sparedUntilMs, nowMs + watch.graceMs);
};

/** Who comes near the front has last been told to ask again in the slowest time, or sooner. */
export const watchFront = (
  line: LineState,
  watch: WatchTerms,
  peopleMax: number,
  nowMs: InstantMs,
): void => {
  // Behind a front that has become shorter nobody's asking is kept, so what was kept of it is old.
  if (line.watch !== null && watch.watchMax < line.watch.watchMax) forgetPresence(line);
  line.watch = watch;
  const known = line.watchedScore === null ? 0 : line.waiting.countThrough(line.watchedScore);
  const room = Math.min(peopleMax, watch.watchMax - known);
  if (room <= 0) return;
  const askByMs = nowMs + watch.askSlowestMs + watch.graceMs;
  const come = line.waiting.listFrom(known, room);
  for (const [index, { userId }] of come.entries()) {
    if (line.present.has(userId)) continue;
    line.present.set(userId, { askByMs, told: known + index + 1 });
  }
  line.watchedScore = come.at(-1)?.score ?? line.watchedScore;
};

/** Whether a slot is still in force by its own right or that of an attempt in flight. */
export const holdsSlot = (slot: Slot, place: PlaceMark): boolean =>
  slot.state === "active" && slot.place.epoch === place.epoch && slot.place.seq === place.seq;

/** Puts somebody into a slot that the store has lost; whether he had come is not known. */
export const giveBackSlot = (
  line: LineState,
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
  line.slots.set(userId, given);
};
