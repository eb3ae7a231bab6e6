import type { Clock } from "#kernel/instant.ts";
import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import { scoreOf } from "../../domain/place.ts";
import type {
  JoinResult,
  JoinTerms,
  LineStore,
  LiveStanding,
  Sight,
} from "../../ports/line-store.ts";
import type { SeatGate } from "../../ports/seat-gate.ts";
import {
  endPlace,
  figuresOf,
  forgetPerson,
  lineState,
  livePlace,
  standingOf,
  type LineState,
} from "./line-state.ts";
import { runPass } from "./pass.ts";
import { memorySeatGate } from "./seat-gate.ts";

/** Looks up a concert's line, made at first sight. */
export type FindLine = (concertId: ConcertId) => LineState;

export interface MemoryLine {
  readonly store: LineStore;
  readonly gate: SeatGate;
}

const joinLine = (line: LineState, userId: UserId, terms: JoinTerms, nowMs: number): JoinResult => {
  const sight = (standing: LiveStanding): Sight<LiveStanding> => ({
    atMs: nowMs,
    epoch: line.epoch,
    figures: figuresOf(line, nowMs),
    standing,
  });
  const found = standingOf(line, userId, null, nowMs);
  if (found.kind === "active" || (found.kind === "waiting" && !terms.final)) {
    return { kind: "in-line", fresh: false, sight: sight(found) };
  }
  if (terms.final) return { kind: "over" };
  if (nowMs < terms.opensAtMs) return { kind: "not-open" };
  line.lastIssued += 1;
  const place: PlaceMark = { epoch: line.epoch, seq: line.lastIssued };
  line.waiting.add(userId, scoreOf(place));
  const position = (line.waiting.rankOf(userId) ?? 0) + 1;
  return { kind: "in-line", fresh: true, sight: sight({ kind: "waiting", place, position }) };
};

const restorePlace = (
  line: LineState,
  userId: UserId,
  lost: PlaceMark & { readonly activeUntilMs: number | null },
  nowMs: number,
): void => {
  const live = livePlace(line, userId);
  const score = scoreOf(lost);
  if (live !== null && scoreOf(live) >= score) return;
  if ((line.ended.get(userId)?.score ?? 0) >= score) return;
  forgetPerson(line, userId);
  if (lost.activeUntilMs === null || lost.activeUntilMs <= nowMs) {
    line.waiting.add(userId, score);
    return;
  }
  line.slots.set(userId, {
    place: { epoch: lost.epoch, seq: lost.seq },
    state: "active",
    toldPosition: 1,
    secondChanceUsed: true,
    claimByMs: null,
    sessionUntilMs: lost.activeUntilMs,
    hold: null,
    leaseUntilMs: lost.activeUntilMs,
  });
};

const confirmEntries = (line: LineState, throughN: number): void => {
  for (const { n, kind, userId, epoch, seq } of line.journal) {
    const ended = line.ended.get(userId);
    if (n <= throughN && ended?.reason === kind && ended.score === scoreOf({ epoch, seq })) {
      line.ended.delete(userId);
    }
  }
  line.journal = line.journal.filter(({ n }) => n > throughN);
};

/**
 * The line in the memory of this process: for one process, and the reference model that the other
 * adapter is compared with. Every method does its work in one turn, so it is one atomic step.
 */
export const memoryLine = (options: { readonly clock: Clock }): MemoryLine => {
  const lines = new Map<ConcertId, LineState>();
  const { clock } = options;
  const find: FindLine = (concertId) => {
    const line = lines.get(concertId) ?? lineState(1);
    lines.set(concertId, line);
    return line;
  };

  const store: LineStore = {
    join: async (concertId, userId, terms) =>
      joinLine(find(concertId), userId, terms, clock.nowMs()),
    async look(concertId, userId, place) {
      const line = find(concertId);
      const atMs = clock.nowMs();
      const standing = standingOf(line, userId, place, atMs);
      return { atMs, epoch: line.epoch, figures: figuresOf(line, atMs), standing };
    },
    async figures(concertId) {
      const line = find(concertId);
      const atMs = clock.nowMs();
      return { atMs, epoch: line.epoch, figures: figuresOf(line, atMs) };
    },
    async end(concertId, userId, place, reason) {
      const line = find(concertId);
      const live = livePlace(line, userId);
      if (reason === "PAID") line.bought.add(userId);
      if (live === null) return "absent";
      if (scoreOf(live) > scoreOf(place)) return "newer";
      endPlace(line, userId, live, { reason, atMs: clock.nowMs() });
      return "ended";
    },
    async restore(concertId, userId, place, activeUntilMs) {
      restorePlace(find(concertId), userId, { ...place, activeUntilMs }, clock.nowMs());
    },
    pass: async (concertId, terms) => runPass(find(concertId), terms, clock.nowMs()),
    async journal(concertId, entriesMax) {
      const { epoch, journal } = find(concertId);
      const entries = journal.slice(0, entriesMax);
      const last = entries.at(-1);
      if (last === undefined) return null;
      return { epoch, throughN: last.n, batches: [{ lineEpoch: epoch, entries }] };
    },
    async confirm(concertId, page) {
      const line = find(concertId);
      if (line.epoch === page.epoch) confirmEntries(line, page.throughN);
    },
  };
  return { store, gate: memorySeatGate(find, clock) };
};
