import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "#kernel/instant.ts";
import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { QueueClaims } from "#kernel/place.ts";
import type { QueueEvents, QueueGate } from "#kernel/queue-gate.ts";
import { loadingCache } from "#platform/loading-cache.ts";
import type { Route } from "#platform/http/route.ts";
import { mintId } from "#platform/ids.ts";
import type { TokenSigner } from "#platform/token-signer.ts";
import type { Log } from "#platform/log.ts";
import { periodic, type Periodic } from "#platform/periodic.ts";
import type { Database } from "#platform/postgres/database.ts";
import type { RedisStore } from "#platform/redis/store.ts";
import { queueRoutes } from "./adapters/http/queue-routes.ts";
import { jwtQueueTokens } from "./adapters/jwt-queue-tokens.ts";
import { memoryQueue } from "./adapters/memory/memory-queue.ts";
import { pgEpochs, pgFindEnded, pgJournal } from "./adapters/postgres/pg-durable.ts";
import { pgRecorded } from "./adapters/postgres/pg-recorded.ts";
import { pollLimit } from "./adapters/poll-limit.ts";
import { recoveringQueues } from "./adapters/recovering-queues.ts";
import type { QueueBackend } from "./adapters/queue-backend.ts";
import { redisQueue } from "./adapters/redis/redis-queue.ts";
import type { QueueState } from "./domain/queue-state.ts";
import { queueHistory } from "./history.ts";
import { queueLottery } from "./lottery.ts";
import { queuePush } from "./push.ts";
import type { Endings, Epochs } from "./ports/durable.ts";
import type { QueueObserver } from "./ports/queue-observer.ts";
import type { QueueCounters, QueueStore } from "./ports/queue-store.ts";
import type { Random } from "./ports/random.ts";
import type { QueueSchedule, Sales } from "./ports/sales.ts";
import type { SeatGate } from "./ports/seat-gate.ts";
import { checkActive, getPlaceStatus } from "./use-cases/get-place-status.ts";
import { joinQueue } from "./use-cases/join-queue.ts";
import { leaveQueue } from "./use-cases/leave-queue.ts";
import { queueGate, type QueueGateDeps } from "./use-cases/queue-gate.ts";
import type { QueueMeasures } from "./use-cases/read-history.ts";
import { readQueue, readState } from "./use-cases/read-queue.ts";
import { rebuildQueue } from "./use-cases/rebuild-queue.ts";
import { recoverPlace } from "./use-cases/recover-place.ts";
import { runPass } from "./use-cases/run-pass.ts";

export type { QueueObserver } from "./ports/queue-observer.ts";
export type { QueueSchedule, Sales, Stock } from "./ports/sales.ts";
export type { QueueCounters } from "./ports/queue-store.ts";
export type { Endings } from "./ports/durable.ts";
export type { QueueMeasures } from "./use-cases/read-history.ts";

/** Where the queue is kept: in Redis, or in the memory of the one process that there is. */
export type QueueKeeping =
  | { readonly kind: "redis"; readonly redis: RedisStore }
  | { readonly kind: "memory" };

export interface QueueDeps {
  readonly keeping: QueueKeeping;
  readonly database: Database;
  readonly sales: Sales;
  /** The stock as last known, for telling people, without waiting for the database; `sales.stock` when not given. */
  readonly lastStock?: Sales["stock"];
  /** The sale's side of leaving; it also leaves word for the store in case that this process dies. */
  readonly leave: Endings["leave"];
  readonly tokenSigner: TokenSigner;
  /** Tokens that a user got with a smaller epoch are revoked. 0 for all unless given. */
  readonly tokenEpochOf?: (userId: UserId) => number;
  readonly clock: Clock;
  /** Monotonic, ms: for ages and durations only. */
  readonly monotonicMs: () => number;
  readonly random: Random;
  readonly log: Log;
  readonly observer?: QueueObserver;
  /** Whether this instance has so much to do that who hammers harms others; never, unless told. */
  readonly isCrowded?: () => boolean;
  /** How long a queue that may have lost people waits for them; shorter than the default in tests only. */
  readonly recoveryMs?: number;
}

export interface QueueFeature {
  readonly routes: readonly Route[];
  /** The claims of a genuine queue token, or null. Asks no store. */
  readToken(token: string): QueueClaims | null;
  /** Whether the place may act now. Throws Unavailable. */
  active(claims: QueueClaims): Promise<"active" | "waiting" | "ended">;
  readonly queueGate: QueueGate;
  readonly queueEvents: QueueEvents;
  /** At most half a second old. Throws Unavailable. */
  counters(concertId: ConcertId): Promise<QueueCounters>;
  /** What was measured since the queue opened, at most 2 s old; null when there is no such concert. Throws Unavailable. */
  measures(concertId: ConcertId): Promise<QueueMeasures | null>;
  /** Null when there is no such concert. Asks the database's side only; at most 1 s old. */
  state(concertId: ConcertId): Promise<QueueState | null>;
  /** Begins to admit people. */
  start(): void;
  /** Stops admitting and waits for the pass that is running. The stores stay open: they are the caller's. */
  close(): Promise<void>;
}

const tickMs = 200;
const concertsAtOnceMax = 16;
const passLateMs = 5_000;
const readingAgeMaxMs = 500;
const readingsMax = 1_000;

const silent: QueueObserver = {
  joined: () => {},
  polled: () => {},
  rateLimited: () => {},
  left: () => {},
  admissionPassed: () => {},
  passFailed: () => {},
};

const openStore = ({ keeping, clock, recoveryMs }: QueueDeps, epochs: Epochs): QueueBackend =>
  keeping.kind === "memory"
    ? memoryQueue({ clock, epochs, runId: `memory-${mintId()}`, recoveryMs })
    : redisQueue({ redis: keeping.redis, epochs, recoveryMs });

/** Ticks every queue that may have something to do. */
const admitPeople = (
  deps: QueueDeps,
  work: {
    readonly running: Sales["running"];
    readonly pass: ReturnType<typeof runPass>;
    record(concertId: ConcertId): Promise<void>;
  },
  observer: QueueObserver,
): Periodic =>
  periodic<QueueSchedule>({
    everyMs: tickMs,
    concurrencyMax: concertsAtOnceMax,
    lateMs: passLateMs,
    items: () => work.running(),
    keyOf: ({ concertId }) => concertId,
    work: async (schedule) => {
      const startedMs = deps.monotonicMs();
      const report = await work.pass(schedule);
      observer.admissionPassed(schedule.concertId, report, deps.monotonicMs() - startedMs);
      await work.record(schedule.concertId);
    },
    onError: (schedule, error) => {
      deps.log.warn({ err: error, concertId: schedule?.concertId }, "an admission pass failed");
      if (schedule !== null) observer.passFailed(schedule.concertId);
    },
  });

/** What people ask of the queue, counted. */
const observed = (
  queue: Omit<Parameters<typeof queueRoutes>[0], "read">,
  observer: QueueObserver,
): typeof queue => ({
  join: async (command) => {
    const outcome = await queue.join(command);
    if (outcome.kind === "in-queue") observer.joined(command.concertId, outcome.isNew);
    return outcome;
  },
  check: (claims) => {
    observer.polled(claims.concertId);
    return queue.check(claims);
  },
  mayPoll: (claims) => {
    const isAnswered = queue.mayPoll(claims);
    if (!isAnswered) observer.rateLimited(claims.concertId);
    return isAnswered;
  },
  leave: async (claims) => {
    await queue.leave(claims);
    observer.left(claims.concertId);
  },
});

const warnOfLocks =
  (log: Log): QueueGateDeps["onReleaseFailed"] =>
  (concertId, error) =>
    log.warn({ err: error, concertId }, "seat locks were not released and will expire");

const queueEvents = (store: QueueStore, gate: SeatGate): QueueEvents => ({
  holdCarried: gate.carry,
  holdCleared: gate.clear,
  async placeEnded({ concertId, userId, epoch, seq, reason }) {
    await store.end(concertId, userId, { epoch, seq }, reason);
  },
});

/** What the parts of the feature share. */
const openParts = (deps: QueueDeps) => {
  const { clock, random, database } = deps;
  const lottery = queueLottery(deps);
  const { gate, livePlaces, lobby, ...backend } = openStore(deps, pgEpochs(database));
  const store = lottery.restoring(backend.store);
  const endings: Endings = { find: pgFindEnded(database), leave: deps.leave };
  const startedMs = deps.monotonicMs();
  const places = {
    store,
    endings,
    recoverPlace: recoverPlace({ store, endings }),
    clock,
    tokens: jwtQueueTokens(deps.tokenSigner, deps.tokenEpochOf),
    random,
    upMs: (): number => deps.monotonicMs() - startedMs,
    // A user who asks for a status does not wait for the database; admission depends on it.
    sales: { ...lottery.sales, stock: deps.lastStock ?? lottery.sales.stock },
  };
  return { lottery, store, gate, livePlaces, lobby, endings, places };
};

/** Reads that many callers share, half a second old at most. */
const sharedReads = (
  { monotonicMs }: QueueDeps,
  { places, lottery }: ReturnType<typeof openParts>,
) => {
  const limits = {
    maxAgeMs: readingAgeMaxMs,
    nowMs: monotonicMs,
    entriesMax: readingsMax,
  };
  const { store } = places;
  return {
    queue: loadingCache({ load: readQueue({ ...places, sha256: lottery.sums.sha256 }), ...limits }),
    counters: loadingCache({
      load: async (concertId: ConcertId) => (await store.getSnapshot(concertId)).counters,
      ...limits,
    }),
  };
};

/** The queue: places, turns, and the gate in front of the seats. */
export const queueFeature = (deps: QueueDeps): QueueFeature => {
  const { clock, database } = deps;
  const observer = deps.observer ?? silent;
  const parts = openParts(deps);
  const { lottery, store, gate, livePlaces, lobby, endings, places } = parts;
  const { sales } = lottery;
  const commands = {
    join: joinQueue({ ...places, hmac: lottery.sums.hmac, delay }),
    check: getPlaceStatus(places),
    leave: leaveQueue({ endings, store }),
    mayPoll: pollLimit({ isCrowded: () => false, ...deps }).allows,
  };
  const reads = sharedReads(deps, parts);
  const recovering = recoveringQueues(deps.monotonicMs);
  const rebuild = rebuildQueue({ store, recorded: pgRecorded(database) });
  const journal = pgJournal(database);
  const pass = recovering.watch(runPass({ store, journal, sales, clock, rebuild }));
  const history = queueHistory({ ...deps, sales, store, livePlaces, draws: lottery.ranks });
  const push = queuePush({ ...deps, ...places });
  const background: readonly Periodic[] = [
    admitPeople(deps, { running: sales.running, pass, record: history.record }, observer),
    lottery.drawing(store, lobby),
    push,
  ];

  return {
    routes: [
      ...queueRoutes({ ...observed(commands, observer), read: reads.queue.get }),
      push.route,
      ...lottery.routes,
      ...history.routes,
    ],
    readToken: (token) => places.tokens.read(token),
    active: checkActive(places),
    queueGate: queueGate({ ...places, gate, onReleaseFailed: warnOfLocks(deps.log) }),
    queueEvents: queueEvents(store, gate),
    counters: (concertId) => reads.counters.get(concertId),
    measures: history.measures,
    state: readState({ ...places, isRecovering: recovering.isRunning }),
    start: () => {
      for (const one of background) one.start();
    },
    close: async () => {
      await Promise.all(background.map((one) => one.close()));
    },
  };
};
