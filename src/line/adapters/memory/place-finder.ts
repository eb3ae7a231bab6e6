import type { Clock, InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";
import type { FoundPlace, PlaceFinder } from "../../ports/place-finder.ts";
import {
  ownLeaseMs,
  waitingPlace,
  type FindLine,
  type LineState,
  type Slot,
} from "./line-state.ts";

const slotPlace = (line: LineState, userId: UserId, slot: Slot, nowMs: InstantMs): FoundPlace => {
  const { place } = slot;
  if (slot.state === "returned") {
    const rank = line.returned.rankOf(userId) ?? 0;
    return { kind: "waiting", place, position: Math.min(slot.toldPosition, rank + 1) };
  }
  if (slot.state === "aside") return { kind: "away", place };
  if (nowMs < slot.leaseUntilMs) {
    const ownMs = ownLeaseMs(slot);
    return { kind: "active", place, expiresAtMs: ownMs > nowMs ? ownMs : slot.leaseUntilMs };
  }
  // The next pass will lapse it: who never came is set aside, once; all others have had their turn.
  const hasHadTurn = slot.claimByMs === null || slot.secondChanceUsed;
  return hasHadTurn ? { kind: "absent" } : { kind: "away", place };
};

/** Finds places in the memory of this process, without touching them. */
export const memoryPlaceFinder = (findLine: FindLine, clock: Clock): PlaceFinder => ({
  async find(concertId, userId) {
    const line = await findLine(concertId);
    const score = line.waiting.scoreOf(userId);
    if (score !== undefined) {
      const position = (line.waiting.rankOf(userId) ?? 0) + 1;
      return { kind: "waiting", place: waitingPlace(line, userId, score), position };
    }
    const slot = line.slots.get(userId);
    return slot === undefined ? { kind: "absent" } : slotPlace(line, userId, slot, clock.nowMs());
  },
});
