import type { InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import type { RecordedPlace } from "../../domain/recorded-place.ts";
import { isOfLobby, scoreOf } from "../../domain/place.ts";
import type { LostPlace } from "../../ports/line-store.ts";
import {
  beLenient,
  comeBack,
  giveBackSlot,
  holdsSlot,
  isPuttingBack,
  recoveryEndMs,
  untold,
  waitingSlot,
} from "./absence.ts";
import {
  carrySlot,
  endPlace,
  forgetPerson,
  livePlace,
  waitInLobby,
  type Hold,
  type LineState,
} from "./line-state.ts";

/** Nothing newer than a place is known of a user: he lives at `than`, an older one or this, or at none. */
export const isNews = (
  line: LineState,
  userId: UserId,
  place: PlaceMark,
): { readonly than: PlaceMark | null } | null => {
  const live = livePlace(line, userId);
  const score = scoreOf(place);
  if (live !== null && scoreOf(live) > score) return null;
  return (line.ended.get(userId)?.score ?? 0) >= score ? null : { than: live };
};

/** Before the draw: nobody knows a position. Once the lobby is closed another instance may tell them. */
const goesToHisOrder = (line: LineState, { isUntold }: LostPlace): boolean =>
  isUntold === true && line.lobby.closedAtMs === null;

/**
 * He may wait by an old file who was admitted since, and nobody but his token may know of it; nor of the
 * session of a slot that a hold made.
 */
const mayBeOld = (line: LineState, userId: UserId, nowMs: InstantMs): boolean => {
  const slot = line.slots.get(userId);
  const isClaimed = slot?.state === "active" && slot.claimByMs === null;
  const isWhole = isClaimed && slot.sessionUntilMs > 0;
  return recoveryEndMs(line, nowMs) !== null && !isWhole;
};

/** The hold that carries his slot at this place. */
const holdAt = (line: LineState, userId: UserId, place: PlaceMark): Hold | null => {
  const slot = line.slots.get(userId);
  return slot !== undefined && holdsSlot(slot, place) ? slot.hold : null;
};

/** A new place that he was given while nobody knew of an older one gives way to that. */
const giveWay = (line: LineState, userId: UserId, lost: PlaceMark, nowMs: InstantMs): void => {
  const live = livePlace(line, userId);
  const isNewcomer = live?.epoch === line.epoch && line.waiting.scoreOf(userId) !== undefined;
  const hasEnded = (line.ended.get(userId)?.score ?? 0) >= scoreOf(lost);
  if (live === null || !isNewcomer || lost.epoch >= line.epoch || hasEnded) return;
  if (recoveryEndMs(line, nowMs) === null) return;
  line.gaveWay.set(userId, scoreOf(live));
  forgetPerson(line, userId);
};

/** Puts a lost place back, if nothing newer of its owner is known. */
export const restorePlace = (
  line: LineState,
  userId: UserId,
  lost: LostPlace & { readonly activeUntilMs: InstantMs | null },
  nowMs: InstantMs,
): void => {
  if (line.gaveWay.get(userId) === scoreOf(lost)) return;
  giveWay(line, userId, lost, nowMs);
  const news = isNews(line, userId, lost);
  if (news === null) return;
  const place = { epoch: lost.epoch, seq: lost.seq };
  const sessionUntilMs = lost.activeUntilMs ?? 0;
  const isActive = sessionUntilMs > nowMs;
  const isHere = news.than !== null && scoreOf(news.than) === scoreOf(lost);
  if (isHere && !(isActive && mayBeOld(line, userId, nowMs))) return;
  const hold = holdAt(line, userId, place);
  forgetPerson(line, userId);
  if (isActive) {
    giveBackSlot(line, userId, { place, toldPosition: untold, sessionUntilMs, hold });
  } else if (recoveryEndMs(line, nowMs) === null && !goesToHisOrder(line, lost)) {
    comeBack(line, userId, waitingSlot(place, untold, false), nowMs);
  } else if (lost.drawValue === undefined) line.waiting.add(userId, scoreOf(place));
  else waitInLobby(line, userId, place, lost.drawValue);
};

const rebuildEnded = (line: LineState, person: RecordedPlace): void => {
  const { userId } = person;
  const live = livePlace(line, userId);
  if (person.fate.kind === "ended" && person.fate.reason === "PAID") line.bought.add(userId);
  if (live === null || scoreOf(live) > scoreOf(person)) return;
  const { epoch, seq } = person;
  if (line.lobby.isKnown && isOfLobby(person)) line.lobbyPlaces.set(userId, { epoch, seq });
  forgetPerson(line, userId);
};

const rebuildAdmitted = (
  line: LineState,
  { userId, place, nowMs }: { userId: UserId; place: PlaceMark; nowMs: InstantMs },
  fate: Extract<RecordedPlace["fate"], { kind: "admitted" }>,
): void => {
  const slot = line.slots.get(userId);
  const { activeUntilMs, hold } = fate;
  if (slot !== undefined && holdsSlot(slot, place) && slot.sessionUntilMs >= activeUntilMs) {
    if (hold !== null && hold.expiresAtMs > Math.max(nowMs, slot.hold?.expiresAtMs ?? 0)) {
      carrySlot(slot, hold);
    }
    return;
  }
  // What was told meanwhile is newer than what was read.
  const told = holdAt(line, userId, place);
  const kept = endOf(told) > endOf(hold) ? told : hold;
  if (Math.max(activeUntilMs, endOf(kept)) <= nowMs) {
    endPlace(line, userId, place, { reason: "LAPSED", atMs: nowMs });
    return;
  }
  forgetPerson(line, userId);
  const sessionUntilMs = activeUntilMs;
  giveBackSlot(line, userId, { place, toldPosition: untold, sessionUntilMs, hold: kept });
};

const endOf = (hold: Hold | null): InstantMs => hold?.expiresAtMs ?? 0;

/** Brings a line to what the database knows of one person, if that is not old by now. */
const rebuildPerson = (line: LineState, person: RecordedPlace, nowMs: InstantMs): void => {
  const { userId, fate } = person;
  if (fate.kind === "ended") return rebuildEnded(line, person);
  if (isNews(line, userId, person) === null) return;
  const place = { epoch: person.epoch, seq: person.seq };
  if (fate.kind === "admitted") return rebuildAdmitted(line, { userId, place, nowMs }, fate);
  const slot = line.slots.get(userId);
  // A slot that nobody has claimed is one that the database knows to be over.
  const isOld = slot?.state === "active" && slot.claimByMs !== null;
  if (slot !== undefined && scoreOf(slot.place) === scoreOf(place) && !isOld) return;
  forgetPerson(line, userId);
  line.slots.set(userId, waitingSlot(place, untold, fate.hasBeenAdmitted));
};

/** Brings a line to what the database knows of people; after the `last` page recovery may end. */
export const rebuildPeople = (
  line: LineState,
  people: readonly RecordedPlace[],
  { last, nowMs }: { readonly last: boolean; readonly nowMs: InstantMs },
): void => {
  // Another instance has put everybody back: what was read before is old.
  if (!isPuttingBack(line, nowMs) || line.recovery === null) return;
  for (const person of people) rebuildPerson(line, person, nowMs);
  if (!last) return;
  line.recovery.isRebuilt = true;
  // Who came before could not claim a slot of an old file: he has until he is to ask again.
  if (line.watch !== null) beLenient(line, line.watch, nowMs);
};
