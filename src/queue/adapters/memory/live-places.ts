import { placeOf } from "../../admission/domain/place.ts";
import type { Clock, InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";
import type { PeekedPlace, LivePlaces } from "../../history/ports/live-places.ts";
import {
  ownLeaseMs,
  waitingPlace,
  type FindQueue,
  type MemoryQueueState,
  type Slot,
} from "./queue-state.ts";

const slotPlace = (
  queue: MemoryQueueState,
  userId: UserId,
  slot: Slot,
  nowMs: InstantMs,
): PeekedPlace => {
  const { place } = slot;
  if (slot.state === "returned") {
    const rank = queue.returned.rankOf(userId) ?? 0;
    return { kind: "waiting", place, position: Math.min(slot.lastPosition, rank + 1) };
  }
  if (slot.state === "skipped") return { kind: "skipped", place };
  if (nowMs < slot.leaseUntilMs) {
    const ownMs = ownLeaseMs(slot);
    return { kind: "active", place, expiresAtMs: ownMs > nowMs ? ownMs : slot.leaseUntilMs };
  }
  // The next pass skips a slot that was not claimed, the first time, and ends every other one.
  const hasHadTurn = slot.claimByMs === null || slot.secondChanceUsed;
  return hasHadTurn ? { kind: "absent" } : { kind: "skipped", place };
};

const absentPlace = ({ queueEnd }: MemoryQueueState): PeekedPlace => {
  if (queueEnd === null) return { kind: "absent" };
  const { score, reason } = queueEnd;
  return { kind: "absent", queueEnd: { through: placeOf(score), reason } };
};

/** Reads places in the memory of this process; a read claims and changes nothing. */
export const memoryLivePlaces = (findQueue: FindQueue, clock: Clock): LivePlaces => ({
  async peek(concertId, userId) {
    const queue = await findQueue(concertId);
    const score = queue.waiting.scoreOf(userId);
    if (score !== undefined) {
      const position = (queue.waiting.rankOf(userId) ?? 0) + 1;
      return { kind: "waiting", place: waitingPlace(queue, userId, score), position };
    }
    const slot = queue.slots.get(userId);
    return slot === undefined ? absentPlace(queue) : slotPlace(queue, userId, slot, clock.nowMs());
  },
});
