import type { UserId } from "#kernel/ids.ts";
import type { Clock } from "#kernel/instant.ts";
import { mintId } from "#platform/ids.ts";
import { loadingCache } from "#platform/loading-cache.ts";
import type { Log } from "#platform/log.ts";
import { periodic } from "#platform/periodic.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import { isBeforeDraw } from "../admission/domain/draw.ts";
import type { QueueStore } from "../admission/ports/queue-store.ts";
import type { QueueSchedule, Sales } from "../admission/ports/sales.ts";
import { drawHashes } from "./adapters/draw-hashes.ts";
import { drawRoutes } from "./adapters/http/draw-routes.ts";
import { pgDraws } from "./adapters/postgres/pg-draws.ts";
import { salesWithDraws } from "./adapters/sales-with-draws.ts";
import { lobbyTerms, publishedDraw } from "./domain/draw-value.ts";
import type { Lobby } from "./ports/lobby.ts";
import { drawLobby } from "./use-cases/draw-lobby.ts";
import { findDrawnRank } from "./use-cases/find-drawn-rank.ts";
import { lostPlaceOrder } from "./use-cases/lost-place-order.ts";
import { readDraw, readWholeDraw } from "./use-cases/read-draw.ts";

export interface LotteryDeps {
  readonly database: Queryable;
  readonly sales: Sales;
  readonly clock: Clock;
  /** Monotonic, ms. */
  readonly monotonicMs: () => number;
  readonly log: Log;
}

/** Every instance knows a saved draw after at most this time. */
const drawAgeMaxMs = 200;
const queuesMax = 10_000;
const tickMs = 200;
/** A large draw keeps an instance busy for seconds, so other draws run beside it. */
const drawsAtOnceMax = 4;
const drawLateMs = 60_000;

/** Orders the lobby of each lottery, draws it, and publishes the draw. */
export const queueLottery = ({
  database,
  sales: undrawnSales,
  clock,
  monotonicMs,
  log,
}: LotteryDeps) => {
  const draws = pgDraws(database);
  const drawCache = loadingCache({
    load: draws.find,
    maxAgeMs: drawAgeMaxMs,
    nowMs: monotonicMs,
    entriesMax: queuesMax,
  });
  const sales = salesWithDraws({ sales: undrawnSales, find: async (id) => drawCache.get(id) });
  const hashes = drawHashes;
  const reading = { sales, draws };
  return {
    /** The sales, each with the draw that the database has. */
    sales,
    routes: drawRoutes({ read: readDraw(reading), file: readWholeDraw(reading) }),
    lobbyTerms: (schedule: QueueSchedule, userId: UserId) =>
      lobbyTerms(hashes.hmac, schedule, userId),
    publishedDraw: (schedule: QueueSchedule) => publishedDraw(hashes.sha256, schedule),
    orderOf: lostPlaceOrder({ sales, hmac: hashes.hmac }),
    findDrawnRank: findDrawnRank({ ...reading, hashes }),
    /** Draws each lottery that is due; checks five times a second. */
    drawing(store: QueueStore, lobby: Lobby) {
      const draw = drawLobby({ store, lobby, draws, hashes, sales, clock, mintId });
      return periodic<QueueSchedule>({
        everyMs: tickMs,
        concurrencyMax: drawsAtOnceMax,
        lateMs: drawLateMs,
        items: async () => (await sales.running()).filter(isBeforeDraw),
        keyOf: ({ concertId }) => concertId,
        work: async (schedule) => {
          const record = await draw(schedule);
          if (record === null) return;
          const { concertId } = schedule;
          drawCache.invalidate(concertId);
          log.info({ concertId, ...record }, "a lottery was drawn");
        },
        onError: (schedule, error) =>
          log.warn({ err: error, concertId: schedule?.concertId }, "a draw failed"),
      });
    },
  };
};
