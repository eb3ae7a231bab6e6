import type { Clock } from "#kernel/instant.ts";
import type { ConcertId, UserId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { EndedReason, PlaceMark } from "#kernel/place.ts";
import type { Epochs } from "../../recovery/ports/epochs.ts";
import { recoveryMs } from "../../admission/domain/poll-interval.ts";
import { seqAfterLobby, scoreOf } from "../../admission/domain/place.ts";
import type { LivePlaceStatus } from "../../admission/domain/place-status.ts";
import type { JoinResult, JoinTerms } from "../../admission/ports/queue-store.ts";
import type { QueueBackend } from "../queue-backend.ts";
import {
  endPlace,
  newQueueState,
  livePlace,
  nextLobbyPlace,
  noteTaken,
  saveEnd,
  addToLobby,
  type FindQueue,
  type MemoryQueueState,
  type Slot,
} from "./queue-state.ts";
import { placeStatusOf, snapshotOf } from "./place-status.ts";
import { memoryLobby } from "./lobby.ts";
import { trackPresence, awaitsRebuild } from "./absence.ts";
import { memoryLivePlaces } from "./live-places.ts";
import { runPass } from "./pass.ts";
import { rebuildPeople, restorePlace } from "./rebuild.ts";
import { memorySeatGate } from "./seat-gate.ts";

/** Gives a new user a place in the lobby or at the end of the queue, and returns it. */
const addNewcomer = (
  queue: MemoryQueueState,
  userId: UserId,
  { lobby }: JoinTerms,
  nowMs: number,
): PlaceMark => {
  if (lobby !== undefined && nowMs < lobby.untilMs && queue.lobby.closedAtMs === null) {
    const place = nextLobbyPlace(queue, userId);
    addToLobby(queue, userId, place, lobby.drawValue);
    return place;
  }
  const { lastIssued, epoch } = queue;
  const place = { epoch, seq: lobby === undefined ? lastIssued : seqAfterLobby(lastIssued) };
  queue.waiting.add(userId, scoreOf(place));
  return place;
};

const joinQueue = (
  queue: MemoryQueueState,
  userId: UserId,
  terms: JoinTerms,
  nowMs: number,
): JoinResult => {
  const inQueue = (status: LivePlaceStatus, isNew: boolean): JoinResult => ({
    kind: "in-queue",
    isNew,
    snapshot: snapshotOf(queue, nowMs),
    status,
  });
  const found = placeStatusOf(queue, userId, null, nowMs);
  const live = found.kind === "active" || (found.kind === "waiting" && !terms.final) ? found : null;
  if (live === null && terms.final) return { kind: "over" };
  if (live === null && nowMs < terms.opensAtMs) return { kind: "not-open" };
  // The database may know of an end of the user's place, or of an older live one.
  if (awaitsRebuild(queue, nowMs)) return { kind: "not-rebuilt" };
  if (live !== null) return inQueue(live, false);
  if (terms.findOnly === true) return { kind: "no-place" };
  queue.lastIssued += 1;
  const place = addNewcomer(queue, userId, terms, nowMs);
  const rank = queue.waiting.rankOf(userId) ?? 0;
  const position = rank + 1;
  trackPresence(queue, userId, { rank, lastPosition: position, nowMs });
  return inQueue({ kind: "waiting", place, position }, true);
};

const confirmEntries = (queue: MemoryQueueState, throughN: number, nowMs: number): void => {
  // The caller of rebuild may have read records without these entries: the ends stay until it is done.
  const known = awaitsRebuild(queue, nowMs) ? [] : queue.journal.filter(({ n }) => n <= throughN);
  for (const { kind, userId, epoch, seq } of known) {
    const ended = queue.ended.get(userId);
    if (ended?.reason === kind && ended.score === scoreOf({ epoch, seq })) {
      queue.ended.delete(userId);
    }
  }
  queue.journal = queue.journal.filter(({ n }) => n > throughN);
};

/** Whether the slot is ACTIVE, and no hold is known that carries it. */
const isShopper = (slot: Slot | undefined): boolean =>
  slot?.state === "active" && slot.hold === null;

const endPlaceOf = (
  queue: MemoryQueueState,
  userId: UserId,
  place: PlaceMark,
  end: { readonly reason: EndedReason; readonly atMs: number },
): "ended" | "absent" | "newer" => {
  const live = livePlace(queue, userId);
  if (end.reason === "PAID") queue.bought.add(userId);
  if (live !== null && scoreOf(live) > scoreOf(place)) return "newer";
  if (end.reason === "PAID" && isShopper(queue.slots.get(userId)))
    noteTaken(queue, userId, end.atMs);
  if (live !== null) endPlace(queue, userId, live, end);
  // The caller of rebuild may have read records without this end.
  const isKnown = (queue.ended.get(userId)?.score ?? 0) >= scoreOf(place);
  if (awaitsRebuild(queue, end.atMs) && !isKnown) saveEnd(queue, userId, place, end.reason);
  return live === null ? "absent" : "ended";
};

/** A new queue, in an epoch that no queue of this concert had before. Throws Unavailable. */
const newQueue = async (
  epochs: Epochs,
  concertId: ConcertId,
  life: { readonly runId: string; readonly recoveryMs: number },
): Promise<MemoryQueueState> => {
  const { runId } = life;
  const record = await epochs.read(concertId);
  const raised = await epochs.raise(concertId, record?.epoch ?? 0, runId);
  if (raised.runId !== runId) throw new Unavailable("another process keeps the queue");
  return newQueueState(
    raised.epoch,
    raised.inUse ? life.recoveryMs : 0,
    raised.waitingList ? 1 : null,
  );
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
    // Without the database no epoch can be raised: the next caller tries again.
    made.catch(() => queues.delete(concertId));
    return made;
  };
  return async (concertId) => {
    const known = queues.get(concertId);
    if (known === undefined) return begin(concertId);
    const { expiresAtMs } = await known;
    if (expiresAtMs === null || clock.nowMs() < expiresAtMs) return known;
    if (queues.get(concertId) === known) queues.delete(concertId);
    return queues.get(concertId) ?? begin(concertId);
  };
};

/**
 * The queue in the memory of this process: it serves one process, and is the reference model that tests
 * compare the Redis adapter with. Every method works in one event-loop turn, so it is one atomic step.
 * `runId` identifies this memory. Another one begins a new epoch, and waits `recoveryMs` for the users of
 * the epoch before.
 */
export const memoryQueue = (options: {
  readonly clock: Clock;
  readonly epochs: Epochs;
  readonly runId: string;
  readonly recoveryMs?: number | undefined;
}): QueueBackend => {
  const { clock, epochs, runId } = options;
  const find = queueFinder(epochs, { runId, recoveryMs: options.recoveryMs ?? recoveryMs }, clock);
  const used = new Set<ConcertId>();
  const store: QueueBackend["store"] = {
    async join(concertId, userId, terms) {
      const queue = await find(concertId);
      if (!used.has(concertId)) await epochs.markInUse(concertId);
      used.add(concertId);
      return joinQueue(queue, userId, terms, clock.nowMs());
    },
    async getStatus(concertId, userId, place) {
      const queue = await find(concertId);
      const nowMs = clock.nowMs();
      const status = placeStatusOf(queue, userId, place, nowMs);
      return { snapshot: snapshotOf(queue, nowMs), status };
    },
    async getStatuses(concertId, places) {
      const queue = await find(concertId);
      const nowMs = clock.nowMs();
      const statuses = places.map((place) => placeStatusOf(queue, place.userId, place, nowMs));
      return { snapshot: snapshotOf(queue, nowMs), statuses };
    },
    getSnapshot: async (concertId) => snapshotOf(await find(concertId), clock.nowMs()),
    async end(concertId, userId, place, reason) {
      return endPlaceOf(await find(concertId), userId, place, { reason, atMs: clock.nowMs() });
    },
    async restore(concertId, userId, place, activeUntilMs) {
      const queue = await find(concertId);
      restorePlace(queue, userId, { ...place, activeUntilMs }, clock.nowMs());
    },
    async admit(concertId, terms) {
      const queue = await find(concertId);
      const begins = terms.waitingList?.isSoldOut === true && queue.waitingListAtMs === null;
      if (begins) await epochs.markWaitingList(concertId);
      return runPass(queue, terms, clock.nowMs());
    },
    async rebuild(concertId, people, last, onlyEpoch = null) {
      const queue = await find(concertId);
      if (onlyEpoch !== null && onlyEpoch !== queue.epoch) return null;
      rebuildPeople(queue, people, { last, nowMs: clock.nowMs() });
      return queue.epoch;
    },
    async readJournal(concertId, entriesMax) {
      const { epoch, journal } = await find(concertId);
      const entries = journal.slice(0, entriesMax);
      const last = entries.at(-1);
      if (last === undefined) return null;
      return { epoch, throughN: last.n, batches: [{ queueEpoch: epoch, entries }] };
    },
    async trimJournal(concertId, page) {
      const queue = await find(concertId);
      if (queue.epoch === page.epoch) confirmEntries(queue, page.throughN, clock.nowMs());
    },
  };
  return {
    store,
    gate: memorySeatGate(find, clock),
    livePlaces: memoryLivePlaces(find, clock),
    lobby: memoryLobby(find, clock),
  };
};
