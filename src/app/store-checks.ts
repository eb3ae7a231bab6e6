import type { Log } from "#platform/log.ts";
import { periodicJob } from "#platform/periodic.ts";
import type { Database } from "#platform/postgres/database.ts";
import { reasonOf } from "#platform/reason.ts";
import type { RedisStore } from "#platform/redis/store.ts";

/** The state of a store. `slow`: a question has waited for its answer for over half a second. */
export type StoreState = "ok" | "slow" | "away" | "memory";

export interface StoreChecks {
  /** Returns the states as last known, without asking a store. */
  read(): Readonly<Record<"postgres" | "redis", StoreState>>;
  start(): void;
  close(): Promise<void>;
}

const everyMs = 1000;
const slowAfterMs = 500;

/**
 * Asks PostgreSQL once a second, one question at a time, so that a slow database gets no pile of them.
 * The log tells each new reason for which it cannot be used, and that it can be used again.
 * The state is `ok` until the first answer: an instance starts only after it has reached PostgreSQL.
 */
export const storeChecks = (stores: {
  readonly database: Pick<Database, "query">;
  /** Null: the queue is in this process's memory. */
  readonly redis: Pick<RedisStore, "ready"> | null;
  readonly monotonicMs: () => number;
  readonly log: Log;
}): StoreChecks => {
  const { database, redis, monotonicMs, log } = stores;
  let answer: StoreState = "ok";
  /** The reason that was logged last; empty: none, PostgreSQL can be used. */
  let logged = "";
  let askedAtMs: number | null = null;

  const ask = async (): Promise<void> => {
    askedAtMs = monotonicMs();
    try {
      await database.query({ text: "select 1" });
      answer = "ok";
      if (logged !== "") log.info({}, "PostgreSQL can be used again");
      logged = "";
    } catch (error) {
      answer = "away";
      const reason = reasonOf(error);
      if (reason !== logged) log.warn({ reason }, "PostgreSQL cannot be used");
      logged = reason;
    }
    askedAtMs = null;
  };
  const isLate = (): boolean => askedAtMs !== null && monotonicMs() - askedAtMs > slowAfterMs;

  const job = periodicJob({ everyMs, lateMs: 60_000, work: ask, onError: () => undefined });
  return {
    read: () => ({
      postgres: isLate() ? "slow" : answer,
      redis: redis === null ? "memory" : redis.ready() ? "ok" : "away",
    }),
    start: () => job.start(),
    close: () => job.close(),
  };
};
