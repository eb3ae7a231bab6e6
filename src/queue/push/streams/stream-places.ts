import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { QueueClaims } from "#kernel/place.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import {
  finalState,
  type FinalState,
  type QueueState,
  stateAt,
} from "../../admission/domain/queue-state.ts";
import type {
  PlaceReading,
  QueueCounters,
  QueueStore,
  FoundPlace,
} from "../../admission/ports/queue-store.ts";
import type { QueueTokens } from "../../admission/ports/queue-tokens.ts";
import type { QueueSchedule, Stock } from "../../admission/ports/sales.ts";
import {
  getPlaceStatus,
  type PlaceStatusDeps,
} from "../../admission/use-cases/get-place-status.ts";
import { resolveStatus, statusByStore } from "../../admission/use-cases/find-place-status.ts";
import { PlaceStream, type StreamEvent, type StreamDesk } from "./place-stream.ts";
import { queueStatus } from "../../admission/presenters/queue-status.ts";

export interface StreamPlacesDeps<Chunk> extends PlaceStatusDeps {
  readonly store: PlaceStatusDeps["store"] & Pick<QueueStore, "getStatuses" | "getSnapshot">;
  readonly tokens: QueueTokens;
  /** Monotonic, whole ms. */
  readonly nowMs: () => number;
  /** What the streams are made of. */
  readonly encode: (news: StreamEvent) => Chunk;
}

export type OpenStreamOutcome<Chunk> =
  | { readonly kind: "unknown-concert" }
  | { readonly kind: "open"; readonly stream: AsyncIterable<Chunk> };

/** The streams of this instance. */
export interface PlaceStreams<Chunk> {
  /**
   * Reads the place and makes a stream that begins with what was read. It costs nothing until it is
   * iterated; then it is fed by `tick`. A place has at most three: the oldest is told and ended when
   * a fourth begins. Throws Unavailable.
   */
  open(claims: QueueClaims): Promise<OpenStreamOutcome<Chunk>>;
  /** The concerts that somebody is streaming. */
  concerts(): readonly ConcertId[];
  /**
   * Reads the queue, then in steps of 500 places those whose turn it may be and those who are due, and
   * tells them what has changed; reading counts as their asking. While the store is away they are told
   * so, at the third tick.
   */
  tick(concertId: ConcertId): Promise<void>;
}

/** More tabs or devices than these are hardly one person's. */
const streamsAPlaceMax = 3;
/** Larger, one step would hold the queue's store for more than a ms or two. */
const placesAStep = 500;
/** Fewer are a hiccup, over before anybody would have polled. */
const missesBeforeTrouble = 3;

interface StreamedQueue<Chunk> {
  /** The newest stream of each place. */
  readonly newest: Map<UserId, PlaceStream<Chunk>>;
  /** As it was when all who stream were told. */
  state: QueueState | null;
  misses: number;
}

type Queue<Chunk> = StreamedQueue<Chunk>;

const newQueue = <Chunk>(): Queue<Chunk> => ({ newest: new Map(), state: null, misses: 0 });

function* streamsOf<Chunk>(queue: Queue<Chunk>): Generator<PlaceStream<Chunk>> {
  for (const newest of queue.newest.values()) {
    for (let stream: typeof newest | null = newest; stream !== null; stream = stream.older) {
      yield stream;
    }
  }
}

/** Which streams are being read, by concert and place. */
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

/** How many have gone from a queue since its epoch began: nobody's turn can have come faster. */
const goneOf = ({ lastIssued, waiting }: QueueCounters): number => lastIssued - waiting;

/** What is the same for all streams of one line during one tick. */
interface Moment {
  readonly schedule: QueueSchedule;
  readonly stock: Stock | null;
  readonly final: FinalState | null;
}

const tellWith =
  <Chunk>(deps: StreamPlacesDeps<Chunk>) =>
  (stream: PlaceStream<Chunk>, moment: Moment, found: FoundPlace): void => {
    const { claims } = stream;
    const { userId } = claims;
    const status = queueStatus(deps, { userId, place: claims, shown: claims, found, ...moment });
    stream.learn(status, deps.nowMs());
  };

/** Reads the places of a page and tells their owners; answers how many have gone from the queue. */
const pageReader = <Chunk>(deps: StreamPlacesDeps<Chunk>) => {
  const tell = tellWith(deps);

  /** Whoever the store does not know, or knows to be over, takes more than the store to judge. */
  const settleOne = async (
    stream: PlaceStream<Chunk>,
    moment: Moment,
    reading: PlaceReading,
  ): Promise<void> => {
    try {
      tell(stream, moment, await resolveStatus(deps, stream.claims, moment.final, reading));
    } catch (error) {
      // Still due, so he is read again at the next tick.
      if (!(error instanceof Unavailable)) throw error;
    }
  };

  return async (
    concertId: ConcertId,
    page: readonly PlaceStream<Chunk>[],
    moment: Moment,
  ): Promise<number> => {
    const places = page.map(({ claims }) => claims);
    const { snapshot, statuses } = await deps.store.getStatuses(concertId, places);
    const gone = goneOf(snapshot.counters);
    const unsettled: Promise<void>[] = [];
    for (const [index, stream] of page.entries()) {
      const status = statuses[index];
      if (status === undefined) throw new Error("the store left out the status of a place");
      stream.goneBefore = gone;
      const byStore = statusByStore({ snapshot, status }, moment.final);
      if (byStore !== null) tell(stream, moment, { ...snapshot, status: byStore });
      else unsettled.push(settleOne(stream, moment, { snapshot, status }));
    }
    await Promise.all(unsettled);
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
    const moment = { schedule, stock, final: finalState(state) };
    const isNew = queue.state !== null && queue.state !== state;
    const nowMs = deps.nowMs();
    const isDue = (stream: PlaceStream<Chunk>): boolean =>
      isNew ? stream.isThere(nowMs) : stream.isDue(nowMs);
    const due = [...streamsOf(queue)].filter(isDue);
    let gone = goneOf(counters);
    // However many are due, whose turn it may have become meanwhile is not kept waiting.
    for (let from = 0; from === 0 || from < due.length; from += placesAStep) {
      const called = [...streamsOf(queue)].filter((stream) => stream.isCalled(gone));
      for (let first = 0; first < called.length; first += placesAStep) {
        await readPage(concertId, called.slice(first, first + placesAStep), moment);
      }
      const page = due.slice(from, from + placesAStep).filter(isDue);
      if (page.length > 0) gone = await readPage(concertId, page, moment);
    }
    queue.state = state;
  };
};

/**
 * Statuses pushed to their owners instead of polled: one read of the queue an instance and tick feeds
 * all streams of a concert. States are absolute, so a client that was away misses nothing.
 *
 * A place is read twice in its polling interval, at least every 2 s; and at once when as many people
 * have gone from the queue as stood before it, or when the queue's state changes.
 */
export const streamPlaces = <Chunk>(deps: StreamPlacesDeps<Chunk>): PlaceStreams<Chunk> => {
  const { queues, enter, leave } = register<Chunk>();
  const desk: StreamDesk<Chunk> = { ...deps, enter, leave };
  const check = getPlaceStatus(deps);
  const readQueue = queueReader(deps);

  const miss = (queue: Queue<Chunk>): void => {
    queue.misses += 1;
    if (queue.misses !== missesBeforeTrouble) return;
    for (const stream of streamsOf(queue)) stream.miss();
  };

  return {
    async open(claims) {
      const outcome = await check(claims);
      if (outcome.kind === "unknown-concert") return outcome;
      return { kind: "open", stream: new PlaceStream(desk, claims, outcome.status) };
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
