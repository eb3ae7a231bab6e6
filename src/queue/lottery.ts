import type { Clock } from "#kernel/instant.ts";
import { loadingCache } from "#platform/loading-cache.ts";
import type { Route } from "#platform/http/route.ts";
import { mintId } from "#platform/ids.ts";
import type { Log } from "#platform/log.ts";
import { periodic, type Periodic } from "#platform/periodic.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import { drawHashes } from "./adapters/draw-hashes.ts";
import type { QueueBackend } from "./adapters/queue-backend.ts";
import { drawRoutes } from "./adapters/http/draw-routes.ts";
import { pgDraws } from "./adapters/postgres/pg-draws.ts";
import { isUndrawn } from "./domain/draw.ts";
import type { DrawHashes } from "./ports/draw-hashes.ts";
import type { QueueStore } from "./ports/queue-store.ts";
import type { Lobby } from "./ports/lobby.ts";
import type { DrawnRanks } from "./ports/live-places.ts";
import type { QueueSchedule, Sales } from "./ports/sales.ts";
import { drawLobby } from "./use-cases/draw-lobby.ts";
import { findDrawnRank } from "./use-cases/find-drawn-rank.ts";
import { salesWithDraws } from "./use-cases/known-draws.ts";
import { readDraw, readWholeDraw } from "./use-cases/read-draw.ts";
import { restoreByDraw } from "./use-cases/restore-by-draw.ts";

export interface LotteryDeps {
  readonly database: Queryable;
  readonly sales: Sales;
  readonly clock: Clock;
  /** Monotonic, ms. */
  readonly monotonicMs: () => number;
  readonly log: Log;
}

export interface Lottery {
  /** The sales with what their lotteries have drawn. */
  readonly sales: Sales;
  readonly sums: DrawHashes;
  readonly ranks: DrawnRanks;
  readonly routes: readonly Route[];
  /** A store that puts the places of a lobby back at their draw values. */
  restoring(store: QueueBackend["store"]): QueueBackend["store"];
  /** Draws each lottery that is due; looks five times a second. */
  drawing(store: QueueStore, lobby: Lobby): Periodic;
}

/** A draw that is done is told within this time on every instance. */
const drawAgeMaxMs = 200;
const queuesMax = 10_000;
const tickMs = 200;
/** A large one keeps an instance busy for seconds: others go on meanwhile. */
const drawsAtOnceMax = 4;
const drawLateMs = 60_000;

/** The lotteries among the queues. */
export const queueLottery = ({
  database,
  sales,
  clock,
  monotonicMs,
  log,
}: LotteryDeps): Lottery => {
  const draws = pgDraws(database);
  const found = loadingCache({
    load: draws.find,
    maxAgeMs: drawAgeMaxMs,
    nowMs: monotonicMs,
    entriesMax: queuesMax,
  });
  const known = salesWithDraws({ sales, find: (concertId) => found.get(concertId) });
  const reading = { sales: known, draws };
  return {
    sales: known,
    sums: drawHashes,
    ranks: findDrawnRank({ ...reading, sums: drawHashes }),
    routes: drawRoutes({ read: readDraw(reading), file: readWholeDraw(reading) }),
    restoring: (store) => ({
      ...store,
      restore: restoreByDraw({ store, sales: known, hmac: drawHashes.hmac }),
    }),
    drawing(store, lobby) {
      const draw = drawLobby({
        store,
        lobby,
        draws,
        sums: drawHashes,
        sales: known,
        clock,
        mintId,
      });
      return periodic<QueueSchedule>({
        everyMs: tickMs,
        concurrencyMax: drawsAtOnceMax,
        lateMs: drawLateMs,
        items: async () => (await known.running()).filter(isUndrawn),
        keyOf: ({ concertId }) => concertId,
        work: async (schedule) => {
          const record = await draw(schedule);
          if (record === null) return;
          const { concertId } = schedule;
          found.invalidate(concertId);
          log.info({ concertId, ...record }, "a lottery was drawn");
        },
        onError: (schedule, error) =>
          log.warn({ err: error, concertId: schedule?.concertId }, "a draw failed"),
      });
    },
  };
};
