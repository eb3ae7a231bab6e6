import type { InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";
import type { PassTerms } from "../../domain/admission.ts";
import { scoreOf } from "../../domain/place.ts";
import type { PassReport } from "../../ports/line-store.ts";
import {
  judgeSilence,
  lapse,
  recoveryEndMs,
  setAside,
  toldIfAbsent,
  untold,
  waitingSlot,
  watchFront,
} from "./absence.ts";
import { countActive, note, waitingPlace, type LineState, type Slot } from "./line-state.ts";
import type { Person, SortedPeople } from "./sorted-people.ts";

const unitsPerToken = 60_000;

const lapseSlots = (line: LineState, terms: PassTerms, nowMs: InstantMs) => {
  const over = [...line.slots]
    .filter(([, slot]) => slot.state === "active" && nowMs >= slot.leaseUntilMs)
    .sort(([userA, a], [userB, b]) => a.leaseUntilMs - b.leaseUntilMs || (userA < userB ? -1 : 1))
    .slice(0, terms.peopleMax);
  const outcomes = over.map(([userId, slot]) => lapse(line, userId, slot, nowMs));
  const count = (how: (typeof outcomes)[number]) =>
    outcomes.filter((outcome) => outcome === how).length;
  return {
    lapsed: count("lapsed"),
    steppedOver: count("stepped-over"),
    more: over.length === terms.peopleMax,
  };
};

const endWhoWaits = (line: LineState): void => {
  line.waiting.clear();
  line.returned.clear();
  line.present.clear();
  line.watchedScore = null;
  for (const [userId, slot] of line.slots) if (slot.state !== "active") line.slots.delete(userId);
};

const refill = (line: LineState, perMinute: number, nowMs: InstantMs): number => {
  const capacity = Math.max(unitsPerToken, perMinute * 1_000);
  if (line.bucket === null) return capacity;
  const elapsedMs = Math.max(0, nowMs - line.bucket.refilledAtMs);
  return Math.min(capacity, line.bucket.units + elapsedMs * perMinute);
};

const freeSlots = (line: LineState, terms: PassTerms, units: number, nowMs: InstantMs): number => {
  if (terms.admitsFromMs === null || nowMs < terms.admitsFromMs) return 0;
  if (recoveryEndMs(line, nowMs) !== null) return 0;
  const { active, holding } = countActive(line, nowMs);
  const tokens = Math.floor(units / unitsPerToken);
  return Math.max(
    0,
    Math.min(tokens, terms.maxActive - active, terms.shoppersMax - (active - holding)),
  );
};

const admit = (
  line: LineState,
  userId: UserId,
  slot: Slot,
  { nowMs, terms }: { readonly nowMs: InstantMs; readonly terms: PassTerms },
): void => {
  slot.state = "active";
  slot.sessionUntilMs = nowMs + terms.sessionMs;
  slot.claimByMs = Math.min(nowMs + terms.claimMs, slot.sessionUntilMs);
  slot.hold = null;
  slot.leaseUntilMs = slot.claimByMs;
  line.slots.set(userId, slot);
  line.present.delete(userId);
  const { place, sessionUntilMs } = slot;
  note(line, "ADMITTED", userId, { ...place, atMs: nowMs, activeUntilMs: sessionUntilMs });
  line.servingScore = Math.max(line.servingScore, scoreOf(place));
};

/**
 * Admits so many: first who came back, then the front of the line. Who is absent is stepped over; at
 * most `peopleMax` are met.
 */
const admitNext = (line: LineState, wanted: number, terms: PassTerms, nowMs: InstantMs) => {
  let admitted = 0;
  let steppedOver = 0;
  const meet = (userId: UserId, slot: Slot, position: number): void => {
    const told = toldIfAbsent(line, userId, nowMs);
    slot.toldPosition = told ?? Math.min(slot.toldPosition, position);
    if (told === null) {
      admitted += 1;
      admit(line, userId, slot, { nowMs, terms });
    } else {
      steppedOver += 1;
      setAside(line, userId, slot, nowMs);
    }
  };
  const takeFrom = (people: SortedPeople, slotOf: (person: Person) => Slot): void => {
    for (;;) {
      const left = Math.min(wanted - admitted, terms.peopleMax - admitted - steppedOver);
      const first = people.takeFirst(Math.max(0, left));
      if (first.length === 0) return;
      for (const [index, person] of first.entries()) {
        meet(person.userId, slotOf(person), index + 1);
      }
    }
  };
  takeFrom(line.returned, ({ userId }) => line.slots.get(userId) as Slot);
  takeFrom(line.waiting, ({ userId, score }) =>
    waitingSlot(waitingPlace(line, userId, score), untold, false),
  );
  return { admitted, steppedOver };
};

const countAdmitted = (line: LineState, admitted: number, nowMs: InstantMs): void => {
  const second = Math.floor(nowMs / 1_000);
  if (admitted > 0) {
    const current = line.admissions.find((entry) => entry.second === second);
    if (current === undefined) line.admissions.push({ second, count: admitted });
    else current.count += admitted;
    line.admittedTotal += admitted;
    line.firstAdmittedAtMs ??= nowMs;
  }
  line.admissions = line.admissions.filter((entry) => {
    const age = second - entry.second;
    return age >= 0 && age < 60;
  });
};

/** Often enough to be far from the end. */
const renewedAfterMs = 3_600_000;

/** Over: nobody will be admitted, nobody is ACTIVE or away, and the database has all that was noted. */
const restOrGoOn = (line: LineState, terms: PassTerms, nowMs: InstantMs): void => {
  const people = line.waiting.size + line.returned.size + line.slots.size;
  const isOver = terms.final !== null && people === 0 && line.journal.length === 0;
  const untilMs = nowMs + terms.restMs;
  if (!isOver) line.restsUntilMs = null;
  else if (line.restsUntilMs === null || untilMs - line.restsUntilMs >= renewedAfterMs) {
    line.restsUntilMs = untilMs;
  }
};

/** One admission pass, step by step as the store promises it. */
export const runPass = (line: LineState, terms: PassTerms, nowMs: InstantMs): PassReport => {
  judgeSilence(line, terms.watch, nowMs);
  const { lapsed, steppedOver, more } = lapseSlots(line, terms, nowMs);
  if (terms.final !== null) endWhoWaits(line);
  const units = refill(line, terms.admissionsPerMinute, nowMs);
  const free = freeSlots(line, terms, units, nowMs);
  const wanted = Math.min(free, terms.peopleMax);
  const { admitted, ...met } = admitNext(line, wanted, terms, nowMs);
  line.bucket = { units: units - admitted * unitsPerToken, refilledAtMs: nowMs };
  countAdmitted(line, admitted, nowMs);
  watchFront(line, terms.watch, terms.peopleMax, nowMs);
  restOrGoOn(line, terms, nowMs);
  const left = line.waiting.size + line.returned.size;
  return {
    atMs: nowMs,
    admitted,
    steppedOver: steppedOver + met.steppedOver,
    lapsed,
    more: more || (free > admitted && left > 0),
    recovery: recoveryOf(line, nowMs),
  };
};

const recoveryOf = (line: LineState, nowMs: InstantMs): PassReport["recovery"] => {
  if (recoveryEndMs(line, nowMs) === null) return null;
  return line.recovery?.isRebuilt === true ? "rebuilt" : "to-rebuild";
};
