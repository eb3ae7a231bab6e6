import type { InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import { placeOf, scoreOf } from "../../admission/domain/place.ts";
import type { LivePlaceStatus } from "../../admission/domain/place-status.ts";
import type {
  QueueCounters,
  QueueSnapshot,
  StoredPlaceStatus,
} from "../../admission/ports/queue-store.ts";
import {
  returnToQueue,
  trackPresence,
  forgivePassGap,
  expireLease,
  recoveryEndMs,
} from "./absence.ts";
import {
  countActive,
  livePlace,
  ownLeaseMs,
  useSlot,
  type MemoryQueueState,
  type Slot,
} from "./queue-state.ts";

const goneStatus = (queue: MemoryQueueState, userId: UserId, score: number): StoredPlaceStatus => {
  const ended = queue.ended.get(userId);
  if (ended !== undefined && ended.score >= score) return { kind: "ended", reason: ended.reason };
  if (queue.replaced.get(userId) === score) return { kind: "ended", reason: "LEFT" };
  const { queueEnd } = queue;
  return queueEnd !== null && score <= queueEnd.score
    ? { kind: "unknown", endedWith: queueEnd.reason }
    : { kind: "unknown" };
};

const activeStatus = (queue: MemoryQueueState, slot: Slot, nowMs: InstantMs): LivePlaceStatus => {
  if (slot.claimByMs !== null) {
    slot.claimByMs = null;
    useSlot(queue, slot, nowMs);
    const leaseUntilMs = slot.idleUntilMs === undefined ? slot.leaseUntilMs : 0;
    slot.leaseUntilMs = Math.max(leaseUntilMs, ownLeaseMs(slot));
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
): StoredPlaceStatus => {
  if (slot.state === "active") {
    const isOver = nowMs >= slot.leaseUntilMs;
    if (isOver && queue.presenceTerms !== null) forgivePassGap(queue, queue.presenceTerms, nowMs);
    const how = isOver ? expireLease(queue, userId, slot, nowMs) : "kept";
    if (how === "lapsed") return { kind: "ended", reason: "LAPSED" };
    if (how === "kept") return activeStatus(queue, slot, nowMs);
  }
  if (slot.state === "skipped") returnToQueue(queue, userId, slot, nowMs);
  const rank = queue.returned.rankOf(userId) ?? 0;
  slot.lastPosition = Math.min(slot.lastPosition, rank + 1);
  trackPresence(queue, userId, { rank, lastPosition: slot.lastPosition, nowMs });
  return { kind: "waiting", place: slot.place, position: slot.lastPosition };
};

/** The status of a place for its user, who is present by asking. `asked` null: the live place. */
export const placeStatusOf = (
  queue: MemoryQueueState,
  userId: UserId,
  asked: PlaceMark | null,
  nowMs: InstantMs,
): StoredPlaceStatus => {
  const live = livePlace(queue, userId);
  const askedScore = asked === null ? 0 : scoreOf(asked);
  if (live === null || askedScore > scoreOf(live)) return goneStatus(queue, userId, askedScore);
  if (asked !== null && askedScore < scoreOf(live)) return { kind: "superseded" };
  const slot = queue.slots.get(userId);
  if (slot !== undefined) return slotStatus(queue, userId, slot, nowMs);
  const rank = queue.waiting.rankOf(userId) ?? 0;
  trackPresence(queue, userId, { rank, lastPosition: rank + 1, nowMs });
  return { kind: "waiting", place: live, position: rank + 1 };
};

/** O(slots). */
const countersOf = (queue: MemoryQueueState, nowMs: InstantMs): QueueCounters => ({
  waiting: queue.waiting.size + queue.returned.size,
  skipped: [...queue.slots.values()].filter(({ state }) => state === "skipped").length,
  ...countActive(queue, nowMs),
  admittedTotal: queue.admittedTotal,
  admittedLastMinute: queue.admissions.reduce((sum, { count }) => sum + count, 0),
  firstAdmittedAtMs: queue.firstAdmittedAtMs,
  nowServing: queue.servingScore === 0 ? 0 : placeOf(queue.servingScore).seq,
  lastIssued: queue.lastIssued,
  left: queue.endings.LEFT,
  lapsed: queue.endings.LAPSED,
  recovering: recoveryEndMs(queue, nowMs) !== null,
  turns: {
    ended: queue.turnsEnded,
    paid: queue.endings.PAID,
    buyers: queue.bought.size,
    leftWaiting: queue.leftWaiting,
    ...queue.spent,
  },
  waitingList: queue.waitingListAtMs !== null,
});

export const snapshotOf = (queue: MemoryQueueState, nowMs: InstantMs): QueueSnapshot => ({
  atMs: nowMs,
  epoch: queue.epoch,
  counters: countersOf(queue, nowMs),
});
