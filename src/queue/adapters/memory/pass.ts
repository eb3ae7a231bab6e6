import type { InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";
import { comparePlaces } from "#kernel/place.ts";
import { stockLagMs, type PassTerms } from "../../admission/domain/admission.ts";
import { scoreOf, seqAfterLobby } from "../../admission/domain/place.ts";
import type { FinalState } from "../../admission/domain/queue-state.ts";
import type { PassReport } from "../../admission/ports/queue-store.ts";
import {
  forgivePassGap,
  expireLease,
  recoveryEndMs,
  returnToQueue,
  skipPlace,
  lastPositionIfAbsent,
  noPosition,
  waitingSlot,
  trackFront,
} from "./absence.ts";
import {
  countActive,
  endPlace,
  isHolding,
  appendJournal,
  waitingPlace,
  type MemoryQueueState,
  type Slot,
} from "./queue-state.ts";
import type { Person, SortedPeople } from "./sorted-people.ts";

const unitsPerToken = 60_000;

const byLeaseEnd = ([userA, a]: readonly [UserId, Slot], [userB, b]: readonly [UserId, Slot]) =>
  a.leaseUntilMs - b.leaseUntilMs || (userA < userB ? -1 : 1);

const expireLeases = (queue: MemoryQueueState, terms: PassTerms, nowMs: InstantMs) => {
  const over = [...queue.slots]
    .filter(([, slot]) => slot.state === "active" && nowMs >= slot.leaseUntilMs)
    .sort(byLeaseEnd)
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

/** Keeps how far places had been given, so that those that end now stay ended when the queue goes on. */
const saveQueueEnd = (queue: MemoryQueueState, reason: FinalState): void => {
  const { epoch, lastIssued, lobby } = queue;
  if (lastIssued === 0) return;
  const isLottery = lobby.isKnown || lobby.closedAtMs !== null;
  const score = scoreOf({ epoch, seq: isLottery ? seqAfterLobby(lastIssued) : lastIssued });
  if (score > (queue.queueEnd?.score ?? 0)) queue.queueEnd = { score, reason };
};

const endWaiting = (queue: MemoryQueueState, reason: FinalState): void => {
  saveQueueEnd(queue, reason);
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

/** Adds the time since the last pass to the times that users have spent. */
const countTime = (queue: MemoryQueueState, terms: PassTerms, nowMs: InstantMs): void => {
  const lastPassMs = queue.bucket?.refilledAtMs ?? nowMs;
  const elapsedMs = Math.min(Math.max(0, nowMs - lastPassMs), terms.presence.passGapMs);
  const { active, holding } = countActive(queue, nowMs);
  queue.spent.activeMs += elapsedMs * active;
  queue.spent.holdingMs += elapsedMs * holding;
  queue.spent.waitingMs += elapsedMs * (queue.waiting.size + queue.returned.size);
};

/** The users who have taken a seat within `stockLagMs`; forgets the others. */
const countTaken = (queue: MemoryQueueState, nowMs: InstantMs): number => {
  for (const [userId, atMs] of queue.taken)
    if (atMs <= nowMs - stockLagMs) queue.taken.delete(userId);
  return queue.taken.size;
};

/** Since when the queue is a waiting list, under terms with one; else null. */
const waitingListOf = (queue: MemoryQueueState, { waitingList }: PassTerms) =>
  waitingList === undefined || queue.waitingListAtMs === null
    ? null
    : { ...waitingList, sinceMs: queue.waitingListAtMs };

const freeSlots = (
  queue: MemoryQueueState,
  terms: PassTerms,
  units: number,
  nowMs: InstantMs,
): number => {
  const list = waitingListOf(queue, terms);
  const { active, holding } = countActive(queue, nowMs);
  const taken = list === null ? 0 : countTaken(queue, nowMs);
  if (terms.admitsFromMs === null || nowMs < terms.admitsFromMs) return 0;
  if (list !== null && nowMs < list.sinceMs + stockLagMs) return 0;
  if (recoveryEndMs(queue, nowMs) !== null) return 0;
  const tokens = Math.floor(units / unitsPerToken);
  const shoppersMax = list === null ? terms.shoppersMax : list.seatsFree;
  return Math.max(
    0,
    Math.min(tokens, terms.maxActive - active, shoppersMax - (active - holding) - taken),
  );
};

/** Whether a user of a waiting list was admitted longer than `stockLagMs` ago, and has no attempt in flight. */
const isOldShopper = (slot: Slot, claimMs: number, nowMs: InstantMs): boolean =>
  slot.sessionUntilMs - claimMs <= nowMs - stockLagMs && (slot.inFlight ?? 0) === 0;

/**
 * Begins the waiting list of a queue that is sold out, and takes users without a hold out of their slots. Returns
 * whether there may be more.
 */
const sellOut = (queue: MemoryQueueState, terms: PassTerms, nowMs: InstantMs): boolean => {
  queue.waitingListAtMs ??= nowMs;
  const isBeginning = nowMs < queue.waitingListAtMs + stockLagMs;
  const { holding } = countActive(queue, nowMs);
  const first = [...queue.slots]
    .filter(([, { state }]) => state === "active")
    .sort(byLeaseEnd)
    .slice(0, terms.peopleMax + holding)
    .filter(([, slot]) => !isHolding(slot, nowMs))
    .filter(([, slot]) => isBeginning || isOldShopper(slot, terms.claimMs, nowMs))
    .slice(0, terms.peopleMax)
    .sort(([, a], [, b]) => comparePlaces(a.place, b.place));
  for (const [userId, slot] of first) {
    if (isBeginning) endPlace(queue, userId, slot.place, { reason: "SOLD_OUT", atMs: nowMs });
    else {
      queue.turnsEnded += 1;
      returnToQueue(queue, userId, slot, nowMs);
    }
  }
  return first.length === terms.peopleMax;
};

const admit = (
  queue: MemoryQueueState,
  userId: UserId,
  slot: Slot,
  { nowMs, terms }: { readonly nowMs: InstantMs; readonly terms: PassTerms },
): void => {
  slot.state = "active";
  const isListed = waitingListOf(queue, terms) !== null;
  slot.sessionUntilMs =
    nowMs + (isListed ? Math.min(terms.sessionMs, terms.claimMs) : terms.sessionMs);
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

/** No user is in the queue, and the database has the whole journal. */
const isEmptyQueue = ({ waiting, returned, slots, journal }: MemoryQueueState): boolean =>
  waiting.size + returned.size + slots.size + journal.length === 0;

/** A queue is over when its sale is final and it is empty. */
const updateExpiry = (queue: MemoryQueueState, terms: PassTerms, nowMs: InstantMs): void => {
  const isOver = terms.final !== null && isEmptyQueue(queue);
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
  const { lapsed, skipped, ...expired } = expireLeases(queue, terms, nowMs);
  if (terms.final !== null) endWaiting(queue, terms.final);
  const isSoldOut = terms.waitingList?.isSoldOut === true && recoveryEndMs(queue, nowMs) === null;
  const moreToSellOut = isSoldOut && sellOut(queue, terms, nowMs);
  const more = expired.more || moreToSellOut;
  countTime(queue, terms, nowMs);
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
    isEmpty: isEmptyQueue(queue),
  };
};

const recoveryOf = (queue: MemoryQueueState, nowMs: InstantMs): PassReport["recovery"] => {
  if (recoveryEndMs(queue, nowMs) === null) return null;
  return queue.recovery?.isRebuilt === true ? "rebuilt" : "to-rebuild";
};
