import type { Clock } from "#kernel/instant.ts";
import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { EndedReason, PlaceMark } from "#kernel/place.ts";
import type { Epochs } from "../../ports/durable.ts";
import { recoveryMs } from "../../domain/poll-interval.ts";
import { lateSeq, scoreOf } from "../../domain/place.ts";
import type {
  JoinResult,
  JoinTerms,
  LineStore,
  LiveStanding,
  Sight,
} from "../../ports/line-store.ts";
import type { Lobby } from "../../ports/lobby.ts";
import type { Lookout } from "../../ports/lookout.ts";
import type { PlaceFinder } from "../../ports/place-finder.ts";
import type { SeatGate } from "../../ports/seat-gate.ts";
import {
  endPlace,
  lineState,
  livePlace,
  nextLobbyPlace,
  rememberEnd,
  waitInLobby,
  type FindLine,
  type LineState,
} from "./line-state.ts";
import { figuresOf, standingOf } from "./standing.ts";
import { memoryLobby } from "./lobby.ts";
import { expect, isPuttingBack } from "./absence.ts";
import { memoryLookout } from "./lookout.ts";
import { memoryPlaceFinder } from "./place-finder.ts";
import { runPass } from "./pass.ts";
import { rebuildPeople, restorePlace } from "./rebuild.ts";
import { memorySeatGate } from "./seat-gate.ts";

export interface MemoryLine {
  readonly store: LineStore;
  readonly gate: SeatGate;
  readonly finder: PlaceFinder;
  readonly lookout: Lookout;
  readonly lobby: Lobby;
}

/** Puts a newcomer into the lobby, or behind everybody; answers the place. */
const standSomebody = (
  line: LineState,
  userId: UserId,
  { lobby }: JoinTerms,
  nowMs: number,
): PlaceMark => {
  if (lobby !== undefined && nowMs < lobby.untilMs && line.lobby.closedAtMs === null) {
    const place = nextLobbyPlace(line, userId);
    waitInLobby(line, userId, place, lobby.drawValue);
    return place;
  }
  const { lastIssued, epoch } = line;
  const place = { epoch, seq: lobby === undefined ? lastIssued : lateSeq(lastIssued) };
  line.waiting.add(userId, scoreOf(place));
  return place;
};

const joinLine = (line: LineState, userId: UserId, terms: JoinTerms, nowMs: number): JoinResult => {
  const sight = (standing: LiveStanding): Sight<LiveStanding> => ({
    atMs: nowMs,
    epoch: line.epoch,
    figures: figuresOf(line, nowMs),
    standing,
  });
  const found = standingOf(line, userId, null, nowMs);
  const live = found.kind === "active" || (found.kind === "waiting" && !terms.final) ? found : null;
  if (live === null && terms.final) return { kind: "over" };
  if (live === null && nowMs < terms.opensAtMs) return { kind: "not-open" };
  // The database may know that his place is over, or of one that a new place would end.
  if (isPuttingBack(line, nowMs)) return { kind: "not-rebuilt" };
  if (live !== null) return { kind: "in-line", fresh: false, sight: sight(live) };
  line.lastIssued += 1;
  const place = standSomebody(line, userId, terms, nowMs);
  const rank = line.waiting.rankOf(userId) ?? 0;
  const position = rank + 1;
  expect(line, userId, { rank, told: position, nowMs });
  return { kind: "in-line", fresh: true, sight: sight({ kind: "waiting", place, position }) };
};

const confirmEntries = (line: LineState, throughN: number, nowMs: number): void => {
  // What was read of the database before it had them may be about to be put back: then the ends stay.
  const known = isPuttingBack(line, nowMs) ? [] : line.journal.filter(({ n }) => n <= throughN);
  for (const { kind, userId, epoch, seq } of known) {
    const ended = line.ended.get(userId);
    if (ended?.reason === kind && ended.score === scoreOf({ epoch, seq })) {
      line.ended.delete(userId);
    }
  }
  line.journal = line.journal.filter(({ n }) => n > throughN);
};

const endByName = (
  line: LineState,
  userId: UserId,
  place: PlaceMark,
  end: { readonly reason: EndedReason; readonly atMs: number },
): "ended" | "absent" | "newer" => {
  const live = livePlace(line, userId);
  if (end.reason === "PAID") line.bought.add(userId);
  if (live !== null && scoreOf(live) > scoreOf(place)) return "newer";
  if (live !== null) endPlace(line, userId, live, end);
  // What the database knew of him a moment ago may be about to be put back: that is over.
  const isKnown = (line.ended.get(userId)?.score ?? 0) >= scoreOf(place);
  if (isPuttingBack(line, end.atMs) && !isKnown) rememberEnd(line, userId, place, end.reason);
  return live === null ? "absent" : "ended";
};

/** A new line, in an epoch that no earlier life of the store has seen. */
const newLine = async (
  epochs: Epochs,
  concertId: ConcertId,
  life: { readonly runId: string; readonly recoveryMs: number },
): Promise<LineState> => {
  const { runId } = life;
  for (;;) {
    const word = await epochs.read(concertId);
    const raised = await epochs.raise(concertId, word?.epoch ?? 0, runId);
    if (raised.runId !== runId) continue;
    return lineState(raised.epoch, raised.inUse ? life.recoveryMs : 0);
  }
};

const lineFinder = (
  epochs: Epochs,
  life: { readonly runId: string; readonly recoveryMs: number },
  clock: Clock,
): FindLine => {
  const lines = new Map<ConcertId, Promise<LineState>>();
  const begin = (concertId: ConcertId): Promise<LineState> => {
    const made = newLine(epochs, concertId, life);
    lines.set(concertId, made);
    // While the database is away there is no epoch to live in: the next caller tries again.
    made.catch(() => lines.delete(concertId));
    return made;
  };
  return async (concertId) => {
    const known = lines.get(concertId);
    if (known === undefined) return begin(concertId);
    const { restsUntilMs } = await known;
    if (restsUntilMs === null || clock.nowMs() < restsUntilMs) return known;
    if (lines.get(concertId) === known) lines.delete(concertId);
    return lines.get(concertId) ?? begin(concertId);
  };
};

/**
 * The line in the memory of this process: for one process, and the reference model that the other
 * adapter is compared with. Every method does its work in one turn, so it is one atomic step.
 * `runId` names this life of the memory; a later one begins a new epoch, and waits for the people of
 * this one for `recoveryMs`.
 */
export const memoryLine = (options: {
  readonly clock: Clock;
  readonly epochs: Epochs;
  readonly runId: string;
  readonly recoveryMs?: number | undefined;
}): MemoryLine => {
  const { clock, epochs, runId } = options;
  const find = lineFinder(epochs, { runId, recoveryMs: options.recoveryMs ?? recoveryMs }, clock);
  const used = new Set<ConcertId>();
  const store: LineStore = {
    async join(concertId, userId, terms) {
      const line = await find(concertId);
      if (!used.has(concertId)) await epochs.use(concertId);
      used.add(concertId);
      return joinLine(line, userId, terms, clock.nowMs());
    },
    async look(concertId, userId, place) {
      const line = await find(concertId);
      const atMs = clock.nowMs();
      const standing = standingOf(line, userId, place, atMs);
      return { atMs, epoch: line.epoch, figures: figuresOf(line, atMs), standing };
    },
    async figures(concertId) {
      const line = await find(concertId);
      const atMs = clock.nowMs();
      return { atMs, epoch: line.epoch, figures: figuresOf(line, atMs) };
    },
    async end(concertId, userId, place, reason) {
      return endByName(await find(concertId), userId, place, { reason, atMs: clock.nowMs() });
    },
    async restore(concertId, userId, place, activeUntilMs) {
      const line = await find(concertId);
      restorePlace(line, userId, { ...place, activeUntilMs }, clock.nowMs());
    },
    async pass(concertId, terms) {
      return runPass(await find(concertId), terms, clock.nowMs());
    },
    async rebuild(concertId, people, last, onlyEpoch = null) {
      const line = await find(concertId);
      if (onlyEpoch !== null && onlyEpoch !== line.epoch) return null;
      rebuildPeople(line, people, { last, nowMs: clock.nowMs() });
      return line.epoch;
    },
    async journal(concertId, entriesMax) {
      const { epoch, journal } = await find(concertId);
      const entries = journal.slice(0, entriesMax);
      const last = entries.at(-1);
      if (last === undefined) return null;
      return { epoch, throughN: last.n, batches: [{ lineEpoch: epoch, entries }] };
    },
    async confirm(concertId, page) {
      const line = await find(concertId);
      if (line.epoch === page.epoch) confirmEntries(line, page.throughN, clock.nowMs());
    },
  };
  return {
    store,
    gate: memorySeatGate(find, clock),
    finder: memoryPlaceFinder(find, clock),
    lookout: memoryLookout(find, clock),
    lobby: memoryLobby(find, clock),
  };
};
