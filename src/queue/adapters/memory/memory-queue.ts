import type { Clock } from "#kernel/instant.ts";
import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { EndedReason, PlaceMark } from "#kernel/place.ts";
import type { Epochs } from "../../ports/durable.ts";
import { recoveryMs } from "../../domain/poll-interval.ts";
import { lateSeq, scoreOf } from "../../domain/place.ts";
import type {
  JoinResult,
  JoinTerms,
  QueueStore,
  LivePlaceStatus,
  QueueSnapshot,
} from "../../ports/queue-store.ts";
import type { Lobby } from "../../ports/lobby.ts";
import type { Lookout } from "../../ports/lookout.ts";
import type { PlaceFinder } from "../../ports/place-finder.ts";
import type { SeatGate } from "../../ports/seat-gate.ts";
import {
  endPlace,
  newQueueState,
  livePlace,
  nextLobbyPlace,
  rememberEnd,
  waitInLobby,
  type FindQueue,
  type MemoryQueueState,
} from "./queue-state.ts";
import { figuresOf, placeStatusOf } from "./place-status.ts";
import { memoryLobby } from "./lobby.ts";
import { expect, isPuttingBack } from "./absence.ts";
import { memoryLookout } from "./lookout.ts";
import { memoryPlaceFinder } from "./place-finder.ts";
import { runPass } from "./pass.ts";
import { rebuildPeople, restorePlace } from "./rebuild.ts";
import { memorySeatGate } from "./seat-gate.ts";

export interface MemoryQueue {
  readonly store: QueueStore;
  readonly gate: SeatGate;
  readonly finder: PlaceFinder;
  readonly lookout: Lookout;
  readonly lobby: Lobby;
}

/** Puts a newcomer into the lobby, or behind everybody; answers the place. */
const standSomebody = (
  queue: MemoryQueueState,
  userId: UserId,
  { lobby }: JoinTerms,
  nowMs: number,
): PlaceMark => {
  if (lobby !== undefined && nowMs < lobby.untilMs && queue.lobby.closedAtMs === null) {
    const place = nextLobbyPlace(queue, userId);
    waitInLobby(queue, userId, place, lobby.drawValue);
    return place;
  }
  const { lastIssued, epoch } = queue;
  const place = { epoch, seq: lobby === undefined ? lastIssued : lateSeq(lastIssued) };
  queue.waiting.add(userId, scoreOf(place));
  return place;
};

const joinQueue = (
  queue: MemoryQueueState,
  userId: UserId,
  terms: JoinTerms,
  nowMs: number,
): JoinResult => {
  const snapshot = (placeStatus: LivePlaceStatus): QueueSnapshot<LivePlaceStatus> => ({
    atMs: nowMs,
    epoch: queue.epoch,
    figures: figuresOf(queue, nowMs),
    placeStatus,
  });
  const found = placeStatusOf(queue, userId, null, nowMs);
  const live = found.kind === "active" || (found.kind === "waiting" && !terms.final) ? found : null;
  if (live === null && terms.final) return { kind: "over" };
  if (live === null && nowMs < terms.opensAtMs) return { kind: "not-open" };
  // The database may know that his place is over, or of one that a new place would end.
  if (isPuttingBack(queue, nowMs)) return { kind: "not-rebuilt" };
  if (live !== null) return { kind: "in-queue", fresh: false, snapshot: snapshot(live) };
  queue.lastIssued += 1;
  const place = standSomebody(queue, userId, terms, nowMs);
  const rank = queue.waiting.rankOf(userId) ?? 0;
  const position = rank + 1;
  expect(queue, userId, { rank, told: position, nowMs });
  return {
    kind: "in-queue",
    fresh: true,
    snapshot: snapshot({ kind: "waiting", place, position }),
  };
};

const confirmEntries = (queue: MemoryQueueState, throughN: number, nowMs: number): void => {
  // What was read of the database before it had them may be about to be put back: then the ends stay.
  const known = isPuttingBack(queue, nowMs) ? [] : queue.journal.filter(({ n }) => n <= throughN);
  for (const { kind, userId, epoch, seq } of known) {
    const ended = queue.ended.get(userId);
    if (ended?.reason === kind && ended.score === scoreOf({ epoch, seq })) {
      queue.ended.delete(userId);
    }
  }
  queue.journal = queue.journal.filter(({ n }) => n > throughN);
};

const endByName = (
  queue: MemoryQueueState,
  userId: UserId,
  place: PlaceMark,
  end: { readonly reason: EndedReason; readonly atMs: number },
): "ended" | "absent" | "newer" => {
  const live = livePlace(queue, userId);
  if (end.reason === "PAID") queue.bought.add(userId);
  if (live !== null && scoreOf(live) > scoreOf(place)) return "newer";
  if (live !== null) endPlace(queue, userId, live, end);
  // What the database knew of him a moment ago may be about to be put back: that is over.
  const isKnown = (queue.ended.get(userId)?.score ?? 0) >= scoreOf(place);
  if (isPuttingBack(queue, end.atMs) && !isKnown) rememberEnd(queue, userId, place, end.reason);
  return live === null ? "absent" : "ended";
};

/** A new queue, in an epoch that no earlier life of the store has seen. */
const newQueue = async (
  epochs: Epochs,
  concertId: ConcertId,
  life: { readonly runId: string; readonly recoveryMs: number },
): Promise<MemoryQueueState> => {
  const { runId } = life;
  for (;;) {
    const word = await epochs.read(concertId);
    const raised = await epochs.raise(concertId, word?.epoch ?? 0, runId);
    if (raised.runId !== runId) continue;
    return newQueueState(raised.epoch, raised.inUse ? life.recoveryMs : 0);
  }
};

const queueFinder = (
  epochs: Epochs,
  life: { readonly runId: string; readonly recoveryMs: number },
  clock: Clock,
): FindQueue => {
  const queues = new Map<ConcertId, Promise<MemoryQueueState>>();
  const begin = (concertId: ConcertId): Promise<MemoryQueueState> => {
    const made = newQueue(epochs, concertId, life);
    queues.set(concertId, made);
    // While the database is away there is no epoch to live in: the next caller tries again.
    made.catch(() => queues.delete(concertId));
    return made;
  };
  return async (concertId) => {
    const known = queues.get(concertId);
    if (known === undefined) return begin(concertId);
    const { restsUntilMs } = await known;
    if (restsUntilMs === null || clock.nowMs() < restsUntilMs) return known;
    if (queues.get(concertId) === known) queues.delete(concertId);
    return queues.get(concertId) ?? begin(concertId);
  };
};

/**
 * The queue in the memory of this process: for one process, and the reference model that the other
 * adapter is compared with. Every method does its work in one turn, so it is one atomic step.
 * `runId` names this life of the memory; a later one begins a new epoch, and waits for the people of
 * this one for `recoveryMs`.
 */
export const memoryQueue = (options: {
  readonly clock: Clock;
  readonly epochs: Epochs;
  readonly runId: string;
  readonly recoveryMs?: number | undefined;
}): MemoryQueue => {
  const { clock, epochs, runId } = options;
  const find = queueFinder(epochs, { runId, recoveryMs: options.recoveryMs ?? recoveryMs }, clock);
  const used = new Set<ConcertId>();
  const store: QueueStore = {
    async join(concertId, userId, terms) {
      const queue = await find(concertId);
      if (!used.has(concertId)) await epochs.use(concertId);
      used.add(concertId);
      return joinQueue(queue, userId, terms, clock.nowMs());
    },
    async look(concertId, userId, place) {
      const queue = await find(concertId);
      const atMs = clock.nowMs();
      const placeStatus = placeStatusOf(queue, userId, place, atMs);
      return { atMs, epoch: queue.epoch, figures: figuresOf(queue, atMs), placeStatus };
    },
    async figures(concertId) {
      const queue = await find(concertId);
      const atMs = clock.nowMs();
      return { atMs, epoch: queue.epoch, figures: figuresOf(queue, atMs) };
    },
    async end(concertId, userId, place, reason) {
      return endByName(await find(concertId), userId, place, { reason, atMs: clock.nowMs() });
    },
    async restore(concertId, userId, place, activeUntilMs) {
      const queue = await find(concertId);
      restorePlace(queue, userId, { ...place, activeUntilMs }, clock.nowMs());
    },
    async pass(concertId, terms) {
      return runPass(await find(concertId), terms, clock.nowMs());
    },
    async rebuild(concertId, people, last, onlyEpoch = null) {
      const queue = await find(concertId);
      if (onlyEpoch !== null && onlyEpoch !== queue.epoch) return null;
      rebuildPeople(queue, people, { last, nowMs: clock.nowMs() });
      return queue.epoch;
    },
    async journal(concertId, entriesMax) {
      const { epoch, journal } = await find(concertId);
      const entries = journal.slice(0, entriesMax);
      const last = entries.at(-1);
      if (last === undefined) return null;
      return { epoch, throughN: last.n, batches: [{ queueEpoch: epoch, entries }] };
    },
    async confirm(concertId, page) {
      const queue = await find(concertId);
      if (queue.epoch === page.epoch) confirmEntries(queue, page.throughN, clock.nowMs());
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
