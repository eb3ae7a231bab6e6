import type { InstantMs } from "#kernel/instant.ts";
import type { PlaceMark } from "#kernel/place.ts";
import type { UserId } from "#kernel/ids.ts";
import type { PassTerms } from "../../domain/admission.ts";
import { scoreOf } from "../../domain/place.ts";
import type { PassReport } from "../../ports/line-store.ts";
import { countActive, lapse, note, waitingPlace, type LineState, type Slot } from "./line-state.ts";

const unitsPerToken = 60_000;

const lapseSlots = (line: LineState, terms: PassTerms, nowMs: InstantMs) => {
  const over = [...line.slots]
    .filter(([, slot]) => slot.state === "active" && nowMs >= slot.leaseUntilMs)
    .sort(([userA, a], [userB, b]) => a.leaseUntilMs - b.leaseUntilMs || (userA < userB ? -1 : 1))
    .slice(0, terms.peopleMax);
  const outcomes = over.map(([userId, slot]) => lapse(line, userId, slot, nowMs));
  const lapsed = outcomes.filter((outcome) => outcome === "lapsed").length;
  return { lapsed, steppedOver: over.length - lapsed, more: over.length === terms.peopleMax };
};

const endWhoWaits = (line: LineState): void => {
  line.waiting.clear();
  line.returned.clear();
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
  const { active, holding } = countActive(line, nowMs);
  const tokens = Math.floor(units / unitsPerToken);
  return Math.max(
    0,
    Math.min(tokens, terms.maxActive - active, terms.shoppersMax - (active - holding)),
  );
};

/** Who is admitted next: first who came back, then the front of the line. */
const takeNext = (
  line: LineState,
  wanted: number,
): readonly { userId: UserId; place: PlaceMark; toldPosition: number; again: boolean }[] => {
  const back = line.returned.takeFirst(wanted).map(({ userId }, index) => {
    const slot = line.slots.get(userId) as Slot;
    const toldPosition = Math.min(slot.toldPosition, index + 1);
    return { userId, place: slot.place, toldPosition, again: slot.secondChanceUsed };
  });
  const front = line.waiting.takeFirst(wanted - back.length).map(({ userId, score }, index) => ({
    userId,
    place: waitingPlace(line, userId, score),
    toldPosition: index + 1,
    again: false,
  }));
  return [...back, ...front];
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

/** One admission pass, step by step as the store promises it. */
export const runPass = (line: LineState, terms: PassTerms, nowMs: InstantMs): PassReport => {
  const { lapsed, steppedOver, more } = lapseSlots(line, terms, nowMs);
  if (terms.final !== null) endWhoWaits(line);
  const units = refill(line, terms.admissionsPerMinute, nowMs);
  const free = freeSlots(line, terms, units, nowMs);
  const next = takeNext(line, Math.min(free, terms.peopleMax));
  for (const { userId, place, toldPosition, again } of next) {
    const sessionUntilMs = nowMs + terms.sessionMs;
    const claimByMs = Math.min(nowMs + terms.claimMs, sessionUntilMs);
    line.slots.set(userId, {
      place,
      state: "active",
      toldPosition,
      secondChanceUsed: again,
      claimByMs,
      sessionUntilMs,
      hold: null,
      leaseUntilMs: claimByMs,
    });
    note(line, "ADMITTED", userId, { ...place, atMs: nowMs, activeUntilMs: sessionUntilMs });
    line.servingScore = Math.max(line.servingScore, scoreOf(place));
  }
  line.bucket = { units: units - next.length * unitsPerToken, refilledAtMs: nowMs };
  countAdmitted(line, next.length, nowMs);
  const left = line.waiting.size + line.returned.size;
  return {
    atMs: nowMs,
    admitted: next.length,
    steppedOver,
    lapsed,
    more: more || (free > next.length && left > 0),
  };
};
