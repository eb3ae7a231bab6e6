import type { InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import { placeOf, scoreOf } from "../../domain/place.ts";
import type { QueueCounters, LivePlaceStatus, PlaceStatus } from "../../ports/queue-store.ts";
import { comeBack, expect, judgeSilence, lapse, recoveryEndMs } from "./absence.ts";
import {
  countActive,
  livePlace,
  ownLeaseMs,
  type MemoryQueueState,
  type Slot,
} from "./queue-state.ts";

const goneStatus = (queue: MemoryQueueState, userId: UserId, score: number): PlaceStatus => {
  const ended = queue.ended.get(userId);
  if (ended !== undefined && ended.score >= score) return { kind: "ended", reason: ended.reason };
  return queue.gaveWay.get(userId) === score
    ? { kind: "ended", reason: "LEFT" }
    : { kind: "unknown" };
};

const activeStatus = (slot: Slot, nowMs: InstantMs): LivePlaceStatus => {
  if (slot.claimByMs !== null) {
    slot.claimByMs = null;
    slot.leaseUntilMs = Math.max(slot.leaseUntilMs, ownLeaseMs(slot));
  }
  const ownMs = ownLeaseMs(slot);
  const expiresAtMs = ownMs > nowMs ? ownMs : slot.leaseUntilMs;
  return { kind: "active", place: slot.place, expiresAtMs };
};

const slotStatus = (
  queue: MemoryQueueState,
  userId: UserId,
  slot: Slot,
  nowMs: InstantMs,
): PlaceStatus => {
  if (slot.state === "active") {
    const isOver = nowMs >= slot.leaseUntilMs;
    if (isOver && queue.watch !== null) judgeSilence(queue, queue.watch, nowMs);
    const how = isOver ? lapse(queue, userId, slot, nowMs) : "kept";
    if (how === "lapsed") return { kind: "ended", reason: "LAPSED" };
    if (how === "kept") return activeStatus(slot, nowMs);
  }
  if (slot.state === "aside") comeBack(queue, userId, slot, nowMs);
  const rank = queue.returned.rankOf(userId) ?? 0;
  slot.toldPosition = Math.min(slot.toldPosition, rank + 1);
  expect(queue, userId, { rank, told: slot.toldPosition, nowMs });
  return { kind: "waiting", place: slot.place, position: slot.toldPosition };
};

/** Where a place stands; `asked` null asks for the one that the user has. Whoever asks is there. */
export const placeStatusOf = (
  queue: MemoryQueueState,
  userId: UserId,
  asked: PlaceMark | null,
  nowMs: InstantMs,
): PlaceStatus => {
  const live = livePlace(queue, userId);
  const askedScore = asked === null ? 0 : scoreOf(asked);
  if (live === null || askedScore > scoreOf(live)) return goneStatus(queue, userId, askedScore);
  if (asked !== null && askedScore < scoreOf(live)) return { kind: "ended", reason: null };
  const slot = queue.slots.get(userId);
  if (slot !== undefined) return slotStatus(queue, userId, slot, nowMs);
  const rank = queue.waiting.rankOf(userId) ?? 0;
  expect(queue, userId, { rank, told: rank + 1, nowMs });
  return { kind: "waiting", place: live, position: rank + 1 };
};

/** The queue as a whole. O(slots). */
export const figuresOf = (queue: MemoryQueueState, nowMs: InstantMs): QueueCounters => ({
  waiting: queue.waiting.size + queue.returned.size,
  aside: [...queue.slots.values()].filter(({ state }) => state === "aside").length,
  ...countActive(queue, nowMs),
  admittedTotal: queue.admittedTotal,
  admittedLastMinute: queue.admissions.reduce((sum, { count }) => sum + count, 0),
  firstAdmittedAtMs: queue.firstAdmittedAtMs,
  nowServing: queue.servingScore === 0 ? 0 : placeOf(queue.servingScore).seq,
  lastIssued: queue.lastIssued,
  left: queue.endings.LEFT,
  lapsed: queue.endings.LAPSED,
  recovering: recoveryEndMs(queue, nowMs) !== null,
});
