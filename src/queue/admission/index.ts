import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { ChallengeGate } from "#kernel/challenge.ts";
import type { Clock } from "#kernel/instant.ts";
import type { QueueEvents } from "#kernel/queue-gate.ts";
import { loadingCache } from "#platform/loading-cache.ts";
import type { Log } from "#platform/log.ts";
import { periodic, type Periodic } from "#platform/periodic.ts";
import type { Database } from "#platform/postgres/database.ts";
import type { TokenSigner } from "#platform/token-signer.ts";
import { queueRoutes, type QueueUseCases } from "./adapters/http/queue-routes.ts";
import { jwtQueueTokens } from "./adapters/jwt-queue-tokens.ts";
import { pollLimit } from "./adapters/poll-limit.ts";
import { pgJournal } from "./adapters/postgres/pg-journal.ts";
import { reopening } from "./domain/reopening.ts";
import type { Endings } from "./ports/endings.ts";
import type { QueueObserver } from "./ports/queue-observer.ts";
import type { PassReport, QueueStore } from "./ports/queue-store.ts";
import type { Random } from "./ports/random.ts";
import type { QueueSchedule, Sales } from "./ports/sales.ts";
import type { SeatGate } from "./ports/seat-gate.ts";
import { checkActive, getPlaceStatus, type PlaceStatusDeps } from "./use-cases/get-place-status.ts";
import { joinQueue, type JoinQueueDeps } from "./use-cases/join-queue.ts";
import { leaveQueue } from "./use-cases/leave-queue.ts";
import { queueGate } from "./use-cases/queue-gate.ts";
import { readForecasts } from "./use-cases/read-forecasts.ts";
import { readQueue, readState, type ReadQueueDeps } from "./use-cases/read-queue.ts";
import { recentForecasts } from "./presenters/recent-forecasts.ts";
import { runPass, type RunPassDeps } from "./use-cases/run-pass.ts";

export { pgFindEnded } from "./adapters/postgres/pg-endings.ts";
export { emptyQueues } from "./domain/empty-queues.ts";

/** The surroundings of all queues: see `QueueDeps`. */
export interface QueueSurroundings {
  readonly database: Database;
  readonly sales: Sales;
  /** The stock as last known, without waiting for the database; `sales.stock` when not given. */
  readonly lastStock?: Sales["stock"];
  readonly tokenSigner: TokenSigner;
  /** Tokens that a user got with a smaller epoch are revoked. 0 for all unless given. */
  readonly tokenEpochOf?: (userId: UserId) => number;
  /** Stands before each new place; nothing does unless it is given. */
  readonly challenges?: ChallengeGate | null;
  readonly clock: Clock;
  /** Monotonic, ms: for ages and durations only. */
  readonly monotonicMs: () => number;
  readonly random: Random;
  readonly log: Log;
  readonly observer?: QueueObserver;
  /** This instance is so busy that a user who polls too often delays others. Never, unless given. */
  readonly isCrowded?: () => boolean;
}

export interface QueueAdmissionDeps
  extends
    QueueSurroundings,
    Pick<JoinQueueDeps, "join" | "lobbyTerms">,
    Pick<PlaceStatusDeps, "recoverPlace">,
    Pick<ReadQueueDeps, "publishedDraw">,
    Pick<RunPassDeps, "rebuild" | "emptyQueues"> {
  readonly store: QueueStore;
  readonly gate: SeatGate;
  readonly endings: Endings;
  /** Runs after each pass of a queue. */
  readonly afterPass: (concertId: ConcertId, report: PassReport) => Promise<void>;
  /** Whether the queue is known to recover. */
  readonly isRecovering: (concertId: ConcertId) => boolean;
}

const tickMs = 200;
const queuesAtOnceMax = 16;
const passLateMs = 5_000;
const readingAgeMaxMs = 500;
const readingsMax = 1_000;

const passesOf = (deps: QueueAdmissionDeps, sawFinal: RunPassDeps["sawFinal"]): Periodic => {
  const { sales, monotonicMs, log, observer } = deps;
  const pass = runPass({ ...deps, sawFinal, journal: pgJournal(deps.database) });
  return periodic<QueueSchedule>({
    everyMs: tickMs,
    concurrencyMax: queuesAtOnceMax,
    lateMs: passLateMs,
    items: () => sales.running(),
    keyOf: ({ concertId }) => concertId,
    work: async (schedule) => {
      const startedMs = monotonicMs();
      const report = await pass(schedule);
      if (report === null) return;
      observer?.admissionPassed(schedule.concertId, report, monotonicMs() - startedMs);
      await deps.afterPass(schedule.concertId, report);
    },
    onError: (schedule, error) => {
      log.warn({ err: error, concertId: schedule?.concertId }, "an admission pass failed");
      if (schedule !== null) observer?.passFailed(schedule.concertId);
    },
  });
};

/** The commands of users, counted by the observer. */
const observed = (
  queue: Omit<QueueUseCases, "read">,
  observer: QueueObserver | undefined,
): Omit<QueueUseCases, "read"> => ({
  join: async (command) => {
    const outcome = await queue.join(command);
    if (outcome.kind === "in-queue") observer?.joined(command.concertId, outcome.isNew);
    return outcome;
  },
  check: (claims) => {
    observer?.polled(claims.concertId);
    return queue.check(claims);
  },
  mayPoll: (claims) => {
    const isAllowed = queue.mayPoll(claims);
    if (!isAllowed) observer?.rateLimited(claims.concertId);
    return isAllowed;
  },
  leave: async (claims) => {
    await queue.leave(claims);
    observer?.left(claims.concertId);
  },
});

const queueEvents = (store: QueueStore, gate: SeatGate): QueueEvents => ({
  holdCarried: gate.carry,
  holdCleared: gate.clear,
  async placeEnded({ concertId, userId, epoch, seq, reason }) {
    await store.end(concertId, userId, { epoch, seq }, reason);
  },
});

/** Places and their statuses, admission, and the gate in front of the seats. */
export const queueAdmission = (deps: QueueAdmissionDeps) => {
  const { store, endings, gate, log } = deps;
  const startedMs = deps.monotonicMs();
  const reopened = reopening(deps.monotonicMs);
  const places = {
    ...deps,
    challenges: deps.challenges ?? null,
    tokens: jwtQueueTokens(deps.tokenSigner, deps.tokenEpochOf),
    forecast: recentForecasts(),
    upMs: (): number => deps.monotonicMs() - startedMs,
    // A user who asks for a status does not wait for the database; admission depends on it.
    sales: { ...deps.sales, stock: deps.lastStock ?? deps.sales.stock },
  };
  const cached = { maxAgeMs: readingAgeMaxMs, nowMs: deps.monotonicMs, entriesMax: readingsMax };
  const reading = loadingCache({ load: readQueue(places), ...cached });
  const commands = {
    join: joinQueue({ ...places, recentEnd: reopened.recentEnd }),
    check: getPlaceStatus(places),
    leave: leaveQueue({ endings, store }),
    mayPoll: pollLimit({ isCrowded: () => false, ...deps }).allows,
  };
  return {
    routes: queueRoutes({
      ...observed(commands, deps.observer),
      read: async (concertId) => reading.get(concertId),
    }),
    tokens: places.tokens,
    queueGate: queueGate({
      ...places,
      gate,
      onReleaseFailed: (concertId, error) =>
        log.warn({ err: error, concertId }, "seat locks were not released and will expire"),
    }),
    queueEvents: queueEvents(store, gate),
    checkActive: checkActive(places),
    forecasts: readForecasts(deps),
    state: readState(places),
    /** The dependencies that read the status of a place, which the streams share. */
    places,
    /** Admits users: a tick every 200 ms for each queue; in one that is known to be empty, a pass about every 0.8 s. */
    passes: passesOf(deps, reopened.saw),
  };
};
