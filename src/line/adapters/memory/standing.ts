import type { InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import { placeOf, scoreOf } from "../../domain/place.ts";
import type { LineFigures, LiveStanding, Standing } from "../../ports/line-store.ts";
import { comeBack, expect, judgeSilence, lapse, recoveryEndMs } from "./absence.ts";
import { countActive, livePlace, ownLeaseMs, type LineState, type Slot } from "./line-state.ts";

const goneStanding = (line: LineState, userId: UserId, score: number): Standing => {
  const ended = line.ended.get(userId);
  if (ended !== undefined && ended.score >= score) return { kind: "ended", reason: ended.reason };
  return line.gaveWay.get(userId) === score
    ? { kind: "ended", reason: "LEFT" }
    : { kind: "unknown" };
};

const activeStanding = (slot: Slot, nowMs: InstantMs): LiveStanding => {
  if (slot.claimByMs !== null) {
    slot.claimByMs = null;
    slot.leaseUntilMs = Math.max(slot.leaseUntilMs, ownLeaseMs(slot));
  }
  const ownMs = ownLeaseMs(slot);
  const expiresAtMs = ownMs > nowMs ? ownMs : slot.leaseUntilMs;
  return { kind: "active", place: slot.place, expiresAtMs };
};

const slotStanding = (line: LineState, userId: UserId, slot: Slot, nowMs: InstantMs): Standing => {
  if (slot.state === "active") {
    const isOver = nowMs >= slot.leaseUntilMs;
    if (isOver && line.watch !== null) judgeSilence(line, line.watch, nowMs);
    const how = isOver ? lapse(line, userId, slot, nowMs) : "kept";
    if (how === "lapsed") return { kind: "ended", reason: "LAPSED" };
    if (how === "kept") return activeStanding(slot, nowMs);
  }
  if (slot.state === "aside") comeBack(line, userId, slot, nowMs);
  const rank = line.returned.rankOf(userId) ?? 0;
  slot.toldPosition = Math.min(slot.toldPosition, rank + 1);
  expect(line, userId, { rank, told: slot.toldPosition, nowMs });
  return { kind: "waiting", place: slot.place, position: slot.toldPosition };
};

/** Where a place stands; `asked` null asks for the one that the user has. Whoever asks is there. */
export const standingOf = (
  line: LineState,
  userId: UserId,
  asked: PlaceMark | null,
  nowMs: InstantMs,
): Standing => {
  const live = livePlace(line, userId);
  const askedScore = asked === null ? 0 : scoreOf(asked);
  if (live === null || askedScore > scoreOf(live)) return goneStanding(line, userId, askedScore);
  if (asked !== null && askedScore < scoreOf(live)) return { kind: "ended", reason: null };
  const slot = line.slots.get(userId);
  if (slot !== undefined) return slotStanding(line, userId, slot, nowMs);
  const rank = line.waiting.rankOf(userId) ?? 0;
  expect(line, userId, { rank, told: rank + 1, nowMs });
  return { kind: "waiting", place: live, position: rank + 1 };
};

/** The line as a whole. O(slots). */
export const figuresOf = (line: LineState, nowMs: InstantMs): LineFigures => ({
  waiting: line.waiting.size + line.returned.size,
  aside: [...line.slots.values()].filter(({ state }) => state === "aside").length,
  ...countActive(line, nowMs),
  admittedTotal: line.admittedTotal,
  admittedLastMinute: line.admissions.reduce((sum, { count }) => sum + count, 0),
  firstAdmittedAtMs: line.firstAdmittedAtMs,
  nowServing: line.servingScore === 0 ? 0 : placeOf(line.servingScore).seq,
  lastIssued: line.lastIssued,
  left: line.endings.LEFT,
  lapsed: line.endings.LAPSED,
  recovering: recoveryEndMs(line, nowMs) !== null,
});
