import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { QueueClaims } from "#kernel/place.ts";
import { ifUnavailable, Unavailable } from "#kernel/unavailable.ts";
import type { QueueState } from "#kernel/queue-forecasts.ts";
import type { Stock } from "#kernel/stock.ts";
import { finalState, type FinalState, stateAt } from "../../admission/domain/queue-state.ts";
import type {
  PlaceReading,
  QueueCounters,
  QueueStore,
  FoundPlace,
} from "../../admission/ports/queue-store.ts";
import type { QueueTokens } from "../../admission/ports/queue-tokens.ts";
import type { QueueSchedule } from "../../admission/ports/sales.ts";
import {
  getPlaceStatus,
  type PlaceStatusDeps,
} from "../../admission/use-cases/get-place-status.ts";
import {
  isBehind,
  resolveStatus,
  statusByStore,
} from "../../admission/use-cases/find-place-status.ts";
import { PlaceStream, type StreamEvent, type StreamContext } from "./place-stream.ts";
import { queueStatus } from "../../admission/presenters/queue-status.ts";

export interface StreamPlacesDeps<Chunk> extends PlaceStatusDeps {
  readonly store: PlaceStatusDeps["store"] & Pick<QueueStore, "getStatuses" | "getSnapshot">;
  readonly tokens: QueueTokens;
  /** Monotonic, whole ms. */
  readonly nowMs: () => number;
  /** Encodes an event as a chunk of a stream. */
  readonly encode: (event: StreamEvent) => Chunk;
}

export type OpenStreamOutcome<Chunk> =
  | { readonly kind: "unknown-concert" }
  | { readonly kind: "open"; readonly stream: AsyncIterable<Chunk> };

/** The streams of this instance. */
export interface PlaceStreams<Chunk> {
  /**
   * Reads the place and returns a stream that begins with its status. `tick` updates the stream once a
   * reader iterates it. A place has at most three streams; a fourth one ends the oldest with `replaced`.
   *
   * Throws Unavailable. Cost: one read of the place; nothing more until it is iterated.
   */
  open(claims: QueueClaims): Promise<OpenStreamOutcome<Chunk>>;
  /** Returns the concerts that have streams. */
  concerts(): readonly ConcertId[];
  /**
   * Reads the queue, then its streamed places that may have been admitted or are due, and sends the changes.
   * A read counts as a poll of the user. At the third tick in a row without the store, the streams get
   * `unavailable`.
   *
   * Cost: one step of the store, and one for each 500 places.
   */
  tick(concertId: ConcertId): Promise<void>;
}

/** One user rarely has more tabs or devices. */
const streamsAPlaceMax = 3;
/** A larger step would block the queue's store for more than 1 to 2 ms. */
const placesAStep = 500;
/** Fewer misses are over before a user would have polled. */
const missesBeforeUnavailable = 3;

interface Queue<Chunk> {
  /** The newest stream of each place. */
  readonly newest: Map<UserId, PlaceStream<Chunk>>;
  /** The state that all streams were last updated with. */
  state: QueueState | null;
  misses: number;
}

const newQueue = <Chunk>(): Queue<Chunk> => ({ newest: new Map(), state: null, misses: 0 });

function* streamsOf<Chunk>(queue: Queue<Chunk>): Generator<PlaceStream<Chunk>> {
  for (const newest of queue.newest.values()) {
    for (let stream: typeof newest | null = newest; stream !== null; stream = stream.older) {
      yield stream;
    }
  }
}

/** Registers the streams that are being read, by concert and place. */
const register = <Chunk>() => {
  const queues = new Map<ConcertId, Queue<Chunk>>();

  const enter = (stream: PlaceStream<Chunk>): void => {
    const { concertId, userId } = stream.claims;
    const queue = queues.get(concertId) ?? newQueue<Chunk>();
    queues.set(concertId, queue);
    stream.older = queue.newest.get(userId) ?? null;
    queue.newest.set(userId, stream);
    let last = stream;
    for (let count = 1; count < streamsAPlaceMax; count += 1) {
      if (last.older === null) return;
      last = last.older;
    }
    const tooMany = last.older;
    last.older = null;
    tooMany?.replace();
  };

  const leave = (stream: PlaceStream<Chunk>): void => {
    const { concertId, userId } = stream.claims;
    const queue = queues.get(concertId);
    const newest = queue?.newest.get(userId);
    if (queue === undefined || newest === undefined) return;
    if (newest !== stream) {
      let newer: PlaceStream<Chunk> | null = newest;
      while (newer !== null && newer.older !== stream) newer = newer.older;
      if (newer !== null) newer.older = stream.older;
      return;
    }
    if (stream.older !== null) queue.newest.set(userId, stream.older);
    else queue.newest.delete(userId);
    if (queue.newest.size === 0) queues.delete(concertId);
  };

  return { queues, enter, leave };
};

/** Returns how many users have left the queue since its epoch began, admitted or not. */
const goneOf = ({ lastIssued, waiting }: QueueCounters): number => lastIssued - waiting;

/** The values that all streams of one queue share during one tick. */
interface TickContext {
  readonly schedule: QueueSchedule;
  readonly stock: Stock | null;
  readonly final: FinalState | null;
}

const updateWith =
  <Chunk>(deps: StreamPlacesDeps<Chunk>) =>
  (stream: PlaceStream<Chunk>, tickContext: TickContext, found: FoundPlace): void => {
    // The place is still due, so the next tick reads it again.
    if (isBehind(tickContext.schedule, found.status)) return;
    const { claims } = stream;
    const { userId } = claims;
    const status = queueStatus(deps, {
      userId,
      place: claims,
      shown: claims,
      found,
      ...tickContext,
    });
    stream.update(status, deps.nowMs());
  };

/** Reads the places of a page and updates their streams. Returns how many users have left the queue. */
const pageReader = <Chunk>(deps: StreamPlacesDeps<Chunk>) => {
  const update = updateWith(deps);

  /** Resolves a place that the store does not know or knows as ended; this needs the database. */
  const resolveOne = async (
    stream: PlaceStream<Chunk>,
    tickContext: TickContext,
    reading: PlaceReading,
  ): Promise<void> => {
    const resolving = resolveStatus(deps, stream.claims, tickContext.final, reading);
    // A place whose status is unavailable is still due, so the next tick reads it again.
    const found = await ifUnavailable(resolving, () => null);
    if (found !== null) update(stream, tickContext, found);
  };

  return async (
    concertId: ConcertId,
    page: readonly PlaceStream<Chunk>[],
    tickContext: TickContext,
  ): Promise<number> => {
    const places = page.map(({ claims }) => claims);
    const { snapshot, statuses } = await deps.store.getStatuses(concertId, places);
    const gone = goneOf(snapshot.counters);
    const unresolved: Promise<void>[] = [];
    for (const [index, stream] of page.entries()) {
      const status = statuses[index];
      if (status === undefined) throw new Error("the store left out the status of a place");
      stream.goneBefore = gone;
      const byStore = statusByStore({ snapshot, status }, tickContext.final);
      if (byStore !== null) update(stream, tickContext, { ...snapshot, status: byStore });
      else unresolved.push(resolveOne(stream, tickContext, { snapshot, status }));
    }
    await Promise.all(unresolved);
    return gone;
  };
};

const queueReader = <Chunk>(deps: StreamPlacesDeps<Chunk>) => {
  const readPage = pageReader(deps);
  return async (concertId: ConcertId, queue: Queue<Chunk>): Promise<void> => {
    const schedule = await deps.sales.find(concertId);
    if (schedule === null) return;
    const stock = await deps.sales.stock(concertId);
    const { counters, atMs } = await deps.store.getSnapshot(concertId);
    const state = stateAt(schedule, stock, atMs, counters.recovering);
    const tickContext = { schedule, stock, final: finalState(state, schedule.policy) };
    const isNew = queue.state !== null && queue.state !== state;
    const nowMs = deps.nowMs();
    const isDue = (stream: PlaceStream<Chunk>): boolean =>
      isNew ? stream.isReading(nowMs) : stream.isDue(nowMs);
    const due = [...streamsOf(queue)].filter(isDue);
    let gone = goneOf(counters);
    // Places that may have been admitted are read before each page, however many places are due.
    for (let from = 0; from === 0 || from < due.length; from += placesAStep) {
      const admissible = [...streamsOf(queue)].filter((stream) => stream.mayBeAdmitted(gone));
      for (let first = 0; first < admissible.length; first += placesAStep) {
        await readPage(concertId, admissible.slice(first, first + placesAStep), tickContext);
      }
      const page = due.slice(from, from + placesAStep).filter(isDue);
      if (page.length > 0) gone = await readPage(concertId, page, tickContext);
    }
    queue.state = state;
  };
};

/**
 * Pushes statuses to clients, so that they need not poll. Each event is the whole status, so a client that
 * reconnects misses nothing.
 *
 * A place is read:
 * - twice in its polling interval and at least every 2 s;
 * - at once when as many users as its position have left the queue;
 * - at once when the state of the queue changes.
 *
 * Cost: one read of the queue for each concert, instance and tick, for all its streams.
 */
export const streamPlaces = <Chunk>(deps: StreamPlacesDeps<Chunk>): PlaceStreams<Chunk> => {
  const { queues, enter, leave } = register<Chunk>();
  const context: StreamContext<Chunk> = { ...deps, enter, leave };
  const check = getPlaceStatus(deps);
  const readQueue = queueReader(deps);

  const miss = (queue: Queue<Chunk>): void => {
    queue.misses += 1;
    if (queue.misses !== missesBeforeUnavailable) return;
    for (const stream of streamsOf(queue)) stream.reportUnavailable();
  };

  return {
    async open(claims) {
      const outcome = await check(claims);
      if (outcome.kind === "unknown-concert") return outcome;
      return { kind: "open", stream: new PlaceStream(context, claims, outcome.status) };
    },
    concerts: () => [...queues.keys()],
    async tick(concertId) {
      const queue = queues.get(concertId);
      if (queue === undefined) return;
      try {
        await readQueue(concertId, queue);
        queue.misses = 0;
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        miss(queue);
      } finally {
        const nowMs = deps.nowMs();
        for (const stream of streamsOf(queue)) stream.keepAlive(nowMs);
      }
    },
  };
};
