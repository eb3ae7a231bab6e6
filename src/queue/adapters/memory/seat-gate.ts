import type { Clock } from "#kernel/instant.ts";
import { comparePlaces } from "#kernel/place.ts";
import type { GateAttempt, PlaceHold, UserPlace } from "#kernel/queue-gate.ts";
import type {
  SeatGate,
  StoreCheckOutcome,
  StoreEnterOutcome,
} from "../../admission/ports/seat-gate.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { restoreSlot, holdsSlot, awaitsRebuild, holdGraceEndMs, noPosition } from "./absence.ts";
import {
  extendSlot,
  removePlace,
  ownLeaseMs,
  useSlot,
  type FindQueue,
  type MemoryQueueState,
} from "./queue-state.ts";
import { isNewest } from "./rebuild.ts";
import { placeStatusOf } from "./place-status.ts";

const lockName = (date: string, seatNumber: number): string => `${date}:${seatNumber}`;

const lockSeats = (
  queue: MemoryQueueState,
  attempt: GateAttempt,
  nowMs: number,
): Extract<StoreEnterOutcome, { kind: "locked" }> | null => {
  const locks = attempt.seatNumbers.map((seatNumber) => {
    const lock = queue.seatLocks.get(lockName(attempt.date, seatNumber));
    const isTaken = lock !== undefined && lock.untilMs > nowMs && lock.owner !== attempt.owner;
    return { seatNumber, taken: isTaken ? lock : null };
  });
  const taken = locks.filter((lock) => lock.taken !== null);
  if (taken.length > 0) {
    const sameKey = taken.every((lock) => lock.taken?.keyTag === attempt.keyTag);
    const seatNumbers = taken.map(({ seatNumber }) => seatNumber);
    return { kind: "locked", seatNumbers, sameKey: sameKey && attempt.keyTag !== "" };
  }
  const { owner, keyTag } = attempt;
  for (const { seatNumber } of locks) {
    const untilMs = nowMs + attempt.lockMs;
    queue.seatLocks.set(lockName(attempt.date, seatNumber), { owner, keyTag, untilMs });
  }
  return null;
};

const checkActive = (
  queue: MemoryQueueState,
  place: UserPlace,
  nowMs: number,
): StoreCheckOutcome => {
  const status = placeStatusOf(queue, place.userId, place, nowMs);
  if (status.kind === "waiting") return { kind: "not-active" };
  if (status.kind === "unknown") return { kind: "unknown" };
  if (status.kind !== "active") return { kind: "ended" };
  const slot = queue.slots.get(place.userId);
  if (slot === undefined) return { kind: "ended" };
  if (ownLeaseMs(slot) <= nowMs) {
    return { kind: nowMs < holdGraceEndMs(queue, slot, nowMs) ? "grace-period" : "ended" };
  }
  if (queue.idleMs > 0 || slot.idleUntilMs !== undefined) {
    useSlot(queue, slot, Math.max(nowMs, slot.hold?.expiresAtMs ?? 0));
    slot.leaseUntilMs = Math.max(slot.leaseUntilMs, ownLeaseMs(slot));
  }
  return {
    kind: "active",
    holding: slot.hold !== null && slot.hold.expiresAtMs > nowMs,
    bought: queue.bought.has(place.userId),
  };
};

const enter = (queue: MemoryQueueState, attempt: GateAttempt, nowMs: number): StoreEnterOutcome => {
  const checked = checkActive(queue, attempt, nowMs);
  if (checked.kind !== "active") return checked;
  const refusal = lockSeats(queue, attempt, nowMs);
  if (refusal !== null) return refusal;
  const slot = queue.slots.get(attempt.userId);
  const untilMs = nowMs + attempt.leaseMs;
  // A slot that outlasts the attempt by itself needs no longer lease, unless a waiting list may take it.
  if (slot && (ownLeaseMs(slot) < untilMs || queue.waitingListAtMs !== null)) {
    slot.leaseUntilMs = Math.max(slot.leaseUntilMs, untilMs);
    slot.inFlight = (slot.inFlight ?? 0) + 1;
  }
  return { kind: "entered" };
};

const carry = (
  queue: MemoryQueueState,
  event: Omit<PlaceHold, "concertId">,
  nowMs: number,
): void => {
  const { userId, epoch, seq, reservationId, expiresAtMs } = event;
  const hold = { reservationId, expiresAtMs };
  const slot = queue.slots.get(userId);
  if (slot !== undefined && holdsSlot(slot, event)) {
    extendSlot(queue, { userId, slot, hold }, nowMs);
  } else if (awaitsRebuild(queue, nowMs) && expiresAtMs > nowMs && isNewest(queue, userId, event)) {
    // The queue is not rebuilt, and the records to come may be older than the hold.
    removePlace(queue, userId);
    const place = { epoch, seq };
    restoreSlot(queue, userId, { place, lastPosition: noPosition, sessionUntilMs: 0, hold });
  }
};

/** Gives the slot its own lease back once no attempt is in flight. */
const endAttempt = (queue: MemoryQueueState, attempt: GateAttempt, isHeld: boolean): void => {
  const slot = queue.slots.get(attempt.userId);
  if (slot === undefined || comparePlaces(slot.place, attempt) !== 0) return;
  if ((slot.inFlight ?? 0) === 0) return;
  slot.inFlight = (slot.inFlight ?? 0) - 1;
  if (!isHeld && slot.inFlight === 0 && slot.state === "active") {
    slot.leaseUntilMs = ownLeaseMs(slot);
  }
};

/** Seat locks and carried slots in the memory of this process. */
export const memorySeatGate = (find: FindQueue, clock: Clock): SeatGate => ({
  async enter(attempt) {
    return enter(await find(attempt.concertId), attempt, clock.nowMs());
  },
  async checkActive(place) {
    return checkActive(await find(place.concertId), place, clock.nowMs());
  },
  async releaseLocks(attempt, hold) {
    const queue = await find(attempt.concertId);
    for (const seatNumber of attempt.seatNumbers) {
      const name = lockName(attempt.date, seatNumber);
      if (queue.seatLocks.get(name)?.owner === attempt.owner) queue.seatLocks.delete(name);
    }
    endAttempt(queue, attempt, hold !== null);
    if (hold !== null) carry(queue, { ...attempt, ...hold }, clock.nowMs());
  },
  async carry(hold) {
    carry(await find(hold.concertId), hold, clock.nowMs());
  },
  async clear({ concertId, userId, reservationId }) {
    const queue = await find(concertId);
    // The caller of rebuild may have read records in which the hold still lasts.
    if (awaitsRebuild(queue, clock.nowMs())) throw new Unavailable("places are being put back");
    const slot = queue.slots.get(userId);
    if (slot?.state !== "active" || slot.hold?.reservationId !== reservationId) return;
    slot.hold = null;
    useSlot(queue, slot, clock.nowMs());
    slot.leaseUntilMs = ownLeaseMs(slot);
  },
});
