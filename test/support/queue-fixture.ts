import { randomUUID } from "node:crypto";
import { toId, type ConcertId, type UserId } from "#kernel/ids.ts";
import type { PlaceMark, QueueClaims } from "#kernel/place.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { memoryEpochs } from "./memory-epochs.ts";
import { drawHashes } from "../../src/queue/lottery/adapters/draw-hashes.ts";
import { watchedBackend } from "../../src/queue/adapters/watched-backend.ts";
import { emptyQueues } from "../../src/queue/admission/domain/empty-queues.ts";
import { memoryQueue } from "../../src/queue/adapters/memory/memory-queue.ts";
import { lobbyTerms, publishedDraw } from "../../src/queue/lottery/domain/draw-value.ts";
import { lostPlaceOrder } from "../../src/queue/lottery/use-cases/lost-place-order.ts";
import { joinWhenRebuilt } from "../../src/queue/recovery/use-cases/join-when-rebuilt.ts";
import { rebuildQueue } from "../../src/queue/recovery/use-cases/rebuild-queue.ts";
import { recoverPlace } from "../../src/queue/recovery/use-cases/recover-place.ts";
import { passTerms } from "../../src/queue/admission/domain/admission.ts";
import { placeIdOf } from "../../src/queue/admission/domain/place.ts";
import type { RecordedPlace } from "../../src/queue/recovery/domain/recorded-place.ts";
import type { TurnCounts } from "../../src/queue/admission/domain/turns.ts";
import { recentForecasts } from "../../src/queue/admission/presenters/recent-forecasts.ts";
import { decodeClaims, type TokenClaims } from "../../src/queue/admission/domain/token-claims.ts";
import type { EndedPlace } from "../../src/queue/admission/ports/endings.ts";
import type { JournalEntry } from "../../src/queue/admission/ports/journal.ts";
import type { Stock } from "#kernel/stock.ts";
import type { QueueSchedule } from "../../src/queue/admission/ports/sales.ts";

/** The stock of a concert with one date of 50 free seats. */
export const freeStock: Stock = {
  ...{ available: 50, held: 0, mayReturn: 0, sold: 0, total: 50 },
  hasEnded: false,
};

/** Of a queue in which no user has been admitted. */
export const noTurns: TurnCounts = {
  ...{ ended: 0, paid: 0, buyers: 0, leftWaiting: 0 },
  ...{ activeMs: 0, holdingMs: 0, waitingMs: 0 },
};

const openedAtMs = 1_790_000_000_000;

/**
 * The queue of a concert in memory, with a clock, a sale and a database that the test controls. A store
 * that `away` marks throws Unavailable.
 */
export const queueFixture = (changes: Partial<QueueSchedule["policy"]> = {}) => {
  const concertId = toId<"concert">(randomUUID());
  const clock = { atMs: openedAtMs, nowMs: () => clock.atMs };
  const away = { store: false, database: false };
  const epochs = memoryEpochs();
  let queue = memoryQueue({ clock, epochs, runId: "first" });

  const schedule: QueueSchedule = {
    concertId,
    policy: {
      mode: "fifo",
      opensAtMs: openedAtMs,
      admitsAtMs: null,
      maxActive: 2,
      admissionsPerMinute: 6_000,
      shoppersPerSeat: 2,
      sessionSeconds: 600,
      idleSeconds: 0,
      holdSeconds: 300,
      maxSeatsPerUser: 4,
      claimSeconds: 60,
      ...changes,
    },
    pausedAtMs: null,
    resumedAtMs: null,
    rampSeconds: null,
    closedAtMs: null,
    cancelledAtMs: null,
    drawSeed: null,
  };
  const world = {
    schedule: schedule as QueueSchedule | null,
    /** Changes of the schedule that only a refresh reads. */
    unread: {} as Partial<QueueSchedule>,
    stock: freeStock as Stock | null,
    ended: new Map<UserId, EndedPlace>(),
    left: [] as PlaceMark[],
    recorded: [] as RecordedPlace[],
    written: [] as { queueEpoch: number; entries: readonly JournalEntry[] }[],
  };
  const check = (isAway: boolean, what: string): void => {
    if (isAway) throw new Unavailable(`${what} is away`);
  };
  type Part = Exclude<keyof typeof queue, "livePlaces" | "lobby">;
  /** The methods of the present store, which throw Unavailable while it is away. */
  const availableMethods = <Name extends Part>(part: Name): (typeof queue)[Name] => {
    const methods = Object.keys(queue[part]).map((method) => [
      method,
      async (...args: unknown[]) => {
        check(away.store, "the store");
        const now = queue[part] as unknown as Record<string, (...all: unknown[]) => unknown>;
        return now[method]?.(...args);
      },
    ]);
    return Object.fromEntries(methods) as (typeof queue)[Name];
  };

  const empty = emptyQueues(clock.nowMs);
  const { store, gate } = watchedBackend(
    { store: availableMethods("store"), gate: availableMethods("gate") },
    empty.onStep,
  );
  const sales = {
    find: async () => world.schedule,
    stock: async () => world.stock,
    async refresh() {
      check(away.database, "the database");
      if (world.schedule !== null) world.schedule = { ...world.schedule, ...world.unread };
    },
  };
  const orderOf = lostPlaceOrder({ sales, hmac: drawHashes.hmac });
  const endings = {
    async find(_: ConcertId, userId: UserId) {
      check(away.database, "the database");
      return world.ended.get(userId) ?? null;
    },
    async leave(_: ConcertId, userId: UserId, place: PlaceMark) {
      check(away.database, "the database");
      world.ended.set(userId, { ...place, reason: "LEFT" });
      world.left.push(place);
    },
  };
  const recorded = {
    async page(_: ConcertId, after: UserId | null, countMax: number) {
      check(away.database, "the database");
      const behind = world.recorded.filter(({ userId }) => after === null || userId > after);
      return behind.toSorted((a, b) => (a.userId < b.userId ? -1 : 1)).slice(0, countMax);
    },
  };

  return {
    concertId,
    clock,
    away,
    world,
    recorded,
    change(more: Partial<QueueSchedule>): void {
      world.schedule = { ...schedule, ...world.schedule, ...more };
    },
    /** Replaces the store with an empty one. */
    loseStore(): void {
      queue = memoryQueue({ clock, epochs, runId: randomUUID() });
    },
    deps: {
      clock,
      hmac: drawHashes.hmac,
      lobbyTerms: (of: QueueSchedule, userId: UserId) => lobbyTerms(drawHashes.hmac, of, userId),
      publishedDraw: (of: QueueSchedule) => publishedDraw(drawHashes.sha256, of),
      join: joinWhenRebuilt({ store, delay: async () => {} }),
      challenges: null,
      recentEnd: () => null,
      sawFinal: () => {},
      emptyQueues: empty,
      random: () => 0,
      forecast: recentForecasts(),
      upMs: () => Infinity,
      tokens: {
        sign: (claims: TokenClaims) => JSON.stringify(claims),
        renew: (_: QueueClaims, claims: TokenClaims) => JSON.stringify(claims),
        read: (token: string) => decodeClaims(JSON.parse(token) as Record<string, unknown>),
      },
      sales,
      endings,
      orderOf,
      recoverPlace: recoverPlace({ store, endings, orderOf }),
      rebuild: rebuildQueue({ store, recorded }),
      journal: {
        async write(_: ConcertId, queueEpoch: number, entries: readonly JournalEntry[]) {
          check(away.database, "the database");
          world.written.push({ queueEpoch, entries });
        },
      },
      store,
      gate,
    },
    /** Runs one admission pass with the present sale. */
    pass: () =>
      queue.store.admit(
        concertId,
        passTerms(
          { ...schedule, ...world.schedule, stock: world.stock, recovering: false },
          clock.atMs,
        ),
      ),
    /** The claims of a valid token for a place. */
    claims(userId: UserId, place: PlaceMark, activeUntilSeconds?: number): QueueClaims {
      const { epoch, seq } = place;
      const claims = { userId, concertId, epoch, seq, placeId: placeIdOf(place) };
      return activeUntilSeconds === undefined ? claims : { ...claims, activeUntilSeconds };
    },
  };
};
