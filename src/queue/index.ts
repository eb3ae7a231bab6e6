import type { ConcertId } from "#kernel/ids.ts";
import type { QueueState } from "#kernel/queue-forecasts.ts";
import type { QueueClaims } from "#kernel/place.ts";
import type { QueueEvents, QueueGate } from "#kernel/queue-gate.ts";
import type { Route } from "#platform/http/route.ts";
import type { UserPart } from "#platform/http/user-parts.ts";
import { mintId } from "#platform/ids.ts";
import type { Database } from "#platform/postgres/database.ts";
import type { RedisStore } from "#platform/redis/store.ts";
import { memoryQueue } from "./adapters/memory/memory-queue.ts";
import type { QueueBackend } from "./adapters/queue-backend.ts";
import { redisQueue } from "./adapters/redis/redis-queue.ts";
import { watchedBackend } from "./adapters/watched-backend.ts";
import {
  emptyQueues,
  pgFindEnded,
  queueAdmission,
  type QueueSurroundings,
} from "./admission/index.ts";
import type { Endings } from "./admission/ports/endings.ts";
import { queueHistory, type QueueMeasures } from "./history/index.ts";
import { queueLottery } from "./lottery/index.ts";
import { queuePush } from "./push/index.ts";
import { pgEpochs, queueRecovery } from "./recovery/index.ts";

export type { Endings } from "./admission/ports/endings.ts";
export type { QueueObserver } from "./admission/ports/queue-observer.ts";
export type { QueueCounters } from "./admission/ports/queue-store.ts";
export type { QueueSchedule, Sales } from "./admission/ports/sales.ts";
export type { QueueMeasures } from "./history/index.ts";

/** The store of the queues: Redis, or the memory of this process, which serves one process only. */
export type QueueKeeping =
  | { readonly kind: "redis"; readonly redis: RedisStore }
  | { readonly kind: "memory" };

export interface QueueDeps extends QueueSurroundings {
  readonly keeping: QueueKeeping;
  /** Connections of the operators' own: no crowd of users makes their calls wait. */
  readonly operatorDatabase: Database;
  /** The sale's side of leaving. The outbox repeats the end to the store, in case this process dies. */
  readonly leave: Endings["leave"];
  /** How long recovery waits for the users of a lost queue; only tests shorten it. */
  readonly recoveryMs?: number;
}

export interface QueueFeature {
  readonly routes: readonly Route[];
  /** The parts of the record that operators read about a user. */
  readonly userParts: readonly UserPart[];
  /** The claims of a genuine queue token, or null. Asks no store. */
  readToken(token: string): QueueClaims | null;
  /** Whether the place may act now. Throws Unavailable. */
  active(claims: QueueClaims): Promise<"active" | "waiting" | "ended">;
  readonly queueGate: QueueGate;
  readonly queueEvents: QueueEvents;
  /** Forecasts under policies that may not be in force. Throws Unavailable. See `readForecasts`. */
  readonly forecasts: ReturnType<typeof queueAdmission>["forecasts"];
  /** Measured since the queue opened; at most 2 s old. Null for an unknown concert. Throws Unavailable. */
  measures(concertId: ConcertId): Promise<QueueMeasures | null>;
  /** At most 1 s old, without asking the store of the queue. Null for an unknown concert. */
  state(concertId: ConcertId): Promise<QueueState | null>;
  /** Begins to admit users, to draw lotteries and to feed streams. */
  start(): void;
  /** Stops that, and waits for the work that runs. The caller closes the stores. */
  close(): Promise<void>;
}

const openBackend = ({ keeping, database, clock, recoveryMs }: QueueDeps): QueueBackend => {
  const epochs = pgEpochs(database, { isShared: keeping.kind === "redis" });
  return keeping.kind === "memory"
    ? memoryQueue({ clock, epochs, runId: `memory-${mintId()}`, recoveryMs })
    : redisQueue({ redis: keeping.redis, epochs, recoveryMs });
};

/**
 * The queues of all concerts, made of five parts:
 * - admission  places, their statuses, admission passes and the gate in front of the seats
 * - lottery    the order of a lobby and its draw
 * - recovery   what happens after the store has lost places
 * - history    samples and journal, read by operators
 * - push       statuses as event streams
 */
export const queueFeature = (deps: QueueDeps): QueueFeature => {
  const { database, monotonicMs } = deps;
  const empty = emptyQueues(monotonicMs);
  const { store, gate, lobby, livePlaces } = watchedBackend(openBackend(deps), empty.onStep);
  const lottery = queueLottery(deps);
  const endings: Endings = { find: pgFindEnded(database), leave: deps.leave };
  const recovery = queueRecovery({
    store,
    endings,
    orderOf: lottery.orderOf,
    database,
    monotonicMs,
  });
  const history = queueHistory({ ...deps, ...lottery, store, livePlaces });
  const admission = queueAdmission({
    ...deps,
    ...lottery,
    ...recovery,
    store,
    gate,
    endings,
    emptyQueues: empty,
    isRecovering: recovery.recovering.isRecovering,
    async afterPass(concertId, report) {
      recovery.recovering.onPass(concertId, report);
      await history.record(concertId);
    },
  });
  const push = queuePush({ ...deps, ...admission.places });
  const background = [admission.passes, lottery.drawing(store, lobby), push];
  return {
    routes: [...admission.routes, push.route, ...lottery.routes, ...history.routes],
    userParts: history.userParts,
    readToken: (token) => admission.tokens.read(token),
    active: admission.checkActive,
    queueGate: admission.queueGate,
    queueEvents: admission.queueEvents,
    forecasts: admission.forecasts,
    measures: history.measures,
    state: admission.state,
    start: () => {
      for (const one of background) one.start();
    },
    close: async () => {
      await Promise.all(background.map((one) => one.close()));
    },
  };
};
