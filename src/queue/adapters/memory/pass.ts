import type { InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";
import type { PassTerms } from "../../admission/domain/admission.ts";
import { scoreOf } from "../../admission/domain/place.ts";
import type { PassReport } from "../../admission/ports/queue-store.ts";
import {
  forgivePassGap,
  expireLease,
  recoveryEndMs,
  skipPlace,
  lastPositionIfAbsent,
  noPosition,
  waitingSlot,
  trackFront,
} from "./absence.ts";
import {
  countActive,
  appendJournal,
  waitingPlace,
  type MemoryQueueState,
  type Slot,
} from "./queue-state.ts";
import type { Person, SortedPeople } from "./sorted-people.ts";

const unitsPerToken = 60_000;

const expireLeases = (queue: MemoryQueueState, terms: PassTerms, nowMs: InstantMs) => {
  const over = [...queue.slots]
    .filter(([, slot]) => slot.state === "active" && nowMs >= slot.leaseUntilMs)
    .sort(([userA, a], [userB, b]) => a.leaseUntilMs - b.leaseUntilMs || (userA < userB ? -1 : 1))
    .slice(0, terms.peopleMax);
  const outcomes = over.map(([userId, slot]) => expireLease(queue, userId, slot, nowMs));
  const count = (how: (typeof outcomes)[number]) =>
    outcomes.filter((outcome) => outcome === how).length;
  return {
    lapsed: count("lapsed"),
    skipped: count("skipped"),
    more: over.length === terms.peopleMax,
  };
};

const endWaiting = (queue: MemoryQueueState): void => {
  queue.waiting.clear();
  queue.returned.clear();
  queue.presence.clear();
  queue.trackedThroughScore = null;
  for (const [userId, slot] of queue.slots) if (slot.state !== "active") queue.slots.delete(userId);
};

const refill = (queue: MemoryQueueState, perMinute: number, nowMs: InstantMs): number => {
  const capacity = Math.max(unitsPerToken, perMinute * 1_000);
  if (queue.bucket === null) return capacity;
  const elapsedMs = Math.max(0, nowMs - queue.bucket.refilledAtMs);
  return Math.min(capacity, queue.bucket.units + elapsedMs * perMinute);
};

const freeSlots = (
  queue: MemoryQueueState,
  terms: PassTerms,
  units: number,
  nowMs: InstantMs,
): number => {
  if (terms.admitsFromMs === null || nowMs < terms.admitsFromMs) return 0;
  if (recoveryEndMs(queue, nowMs) !== null) return 0;
  const { active, holding } = countActive(queue, nowMs);
  const tokens = Math.floor(units / unitsPerToken);
  return Math.max(
    0,
    Math.min(tokens, terms.maxActive - active, terms.shoppersMax - (active - holding)),
  );
};

const admit = (
  queue: MemoryQueueState,
  userId: UserId,
  slot: Slot,
  { nowMs, terms }: { readonly nowMs: InstantMs; readonly terms: PassTerms },
): void => {
  slot.state = "active";
  slot.sessionUntilMs = nowMs + terms.sessionMs;
  slot.claimByMs = Math.min(nowMs + terms.claimMs, slot.sessionUntilMs);
  slot.hold = null;
  slot.idleUntilMs = undefined;
  slot.leaseUntilMs = slot.claimByMs;
  queue.slots.set(userId, slot);
  queue.presence.delete(userId);
  const { place, sessionUntilMs } = slot;
  appendJournal(queue, "ADMITTED", userId, {
    ...place,
    atMs: nowMs,
    activeUntilMs: sessionUntilMs,
  });
  queue.servingScore = Math.max(queue.servingScore, scoreOf(place));
};

/**
 * Admits up to `slotsMax` users: first those who returned, then the front of the queue. Absent users are
 * skipped. Together at most `peopleMax` users are admitted or skipped.
 */
const admitNext = (
  queue: MemoryQueueState,
  slotsMax: number,
  terms: PassTerms,
  nowMs: InstantMs,
) => {
  let admitted = 0;
  let skipped = 0;
  const meet = (userId: UserId, slot: Slot, position: number): void => {
    const lastPosition = lastPositionIfAbsent(queue, userId, nowMs);
    slot.lastPosition = lastPosition ?? Math.min(slot.lastPosition, position);
    if (lastPosition === null) {
      admitted += 1;
      admit(queue, userId, slot, { nowMs, terms });
    } else {
      skipped += 1;
      skipPlace(queue, userId, slot, nowMs);
    }
  };
  const takeFrom = (people: SortedPeople, slotOf: (person: Person) => Slot): void => {
    for (;;) {
      const left = Math.min(slotsMax - admitted, terms.peopleMax - admitted - skipped);
      const first = people.takeFirst(Math.max(0, left));
      if (first.length === 0) return;
      for (const [index, person] of first.entries()) {
        meet(person.userId, slotOf(person), index + 1);
      }
    }
  };
  takeFrom(queue.returned, ({ userId }) => queue.slots.get(userId) as Slot);
  takeFrom(queue.waiting, ({ userId, score }) =>
    waitingSlot(waitingPlace(queue, userId, score), noPosition, false),
  );
  return { admitted, skipped };
};

const countAdmitted = (queue: MemoryQueueState, admitted: number, nowMs: InstantMs): void => {
  const second = Math.floor(nowMs / 1_000);
  if (admitted > 0) {
    const current = queue.admissions.find((entry) => entry.second === second);
    if (current === undefined) queue.admissions.push({ second, count: admitted });
    else current.count += admitted;
    queue.admittedTotal += admitted;
    queue.firstAdmittedAtMs ??= nowMs;
  }
  queue.admissions = queue.admissions.filter((entry) => {
    const age = second - entry.second;
    return age >= 0 && age < 60;
  });
};

/** An hour: days before the keys would expire. */
const renewedAfterMs = 3_600_000;

/** A queue is over when its sale is final, no user is in it, and the database has the whole journal. */
const updateExpiry = (queue: MemoryQueueState, terms: PassTerms, nowMs: InstantMs): void => {
  const people = queue.waiting.size + queue.returned.size + queue.slots.size;
  const isOver = terms.final !== null && people === 0 && queue.journal.length === 0;
  const untilMs = nowMs + terms.retentionMs;
  if (!isOver) queue.expiresAtMs = null;
  else if (queue.expiresAtMs === null || untilMs - queue.expiresAtMs >= renewedAfterMs) {
    queue.expiresAtMs = untilMs;
  }
};

/** One admission pass, in the order of the steps of `QueueStore.admit`. */
export const runPass = (
  queue: MemoryQueueState,
  terms: PassTerms,
  nowMs: InstantMs,
): PassReport => {
  forgivePassGap(queue, terms.presence, nowMs);
  const { lapsed, skipped, more } = expireLeases(queue, terms, nowMs);
  if (terms.final !== null) endWaiting(queue);
  const units = refill(queue, terms.admissionsPerMinute, nowMs);
  const free = freeSlots(queue, terms, units, nowMs);
  const slotsMax = Math.min(free, terms.peopleMax);
  const { admitted, ...met } = admitNext(queue, slotsMax, terms, nowMs);
  queue.bucket = { units: units - admitted * unitsPerToken, refilledAtMs: nowMs };
  queue.idleMs = terms.idleMs;
  countAdmitted(queue, admitted, nowMs);
  trackFront(queue, terms.presence, terms.peopleMax, nowMs);
  updateExpiry(queue, terms, nowMs);
  const left = queue.waiting.size + queue.returned.size;
  return {
    atMs: nowMs,
    admitted,
    skipped: skipped + met.skipped,
    lapsed,
    more: more || (free > admitted && left > 0),
    recovery: recoveryOf(queue, nowMs),
  };
};

const recoveryOf = (queue: MemoryQueueState, nowMs: InstantMs): PassReport["recovery"] => {
  if (recoveryEndMs(queue, nowMs) === null) return null;
  return queue.recovery?.isRebuilt === true ? "rebuilt" : "to-rebuild";
};
