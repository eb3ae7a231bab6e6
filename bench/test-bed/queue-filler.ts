import { silentLog } from "#platform/log.ts";
import { openRedis, type RedisStore } from "#platform/redis/store.ts";
import type { ConcertId } from "#kernel/ids.ts";
import { queueKeys } from "../../src/queue/adapters/redis/keys.ts";
import { argsOf, queueScripts } from "../../src/queue/adapters/redis/scripts.ts";
import { newUsers, type UserId } from "./setup.ts";
import type { TestBed } from "./test-bed.ts";

/** Fills a queue in Redis faster than over HTTP. */
export interface QueueFiller {
  /** New users join a queue that exists, by the server's own script. Returns some of them. */
  fill(concertId: string, count: number): Promise<UserId[]>;
  /** The users join. A user who is in the queue already polls, and so does not become absent. */
  join(concertId: string, users: readonly UserId[]): Promise<void>;
  /** `used_memory` and `used_memory_rss`, in bytes. */
  memory(): Promise<{ used: number; resident: number }>;
  close(): Promise<void>;
}

const usersPerStep = 500;
const stepsAtOnce = 4;
/** The number of users that `fill` returns. */
const keptMax = 20_000;

const untilConnected = async (redis: RedisStore): Promise<void> => {
  for (let attempt = 0; !redis.ready() && attempt < 200; attempt++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  if (!redis.ready()) throw new Error("no connection to Redis");
};

const numberIn = (text: string, name: string): number =>
  Number(new RegExp(`^${name}:(\\d+)`, "m").exec(text)?.[1] ?? Number.NaN);

export const openQueueFiller = async (testBed: TestBed): Promise<QueueFiller> => {
  const redis = openRedis({ url: testBed.redis.url, commandTimeoutMs: 20_000, log: silentLog });
  await untilConnected(redis);

  const join = async (concertId: string, users: readonly UserId[]): Promise<void> => {
    const keys = queueKeys(concertId as ConcertId);
    const epoch = String(await redis.command(["GET", keys[0] ?? ""]));
    const rest = users.flatMap((user) => [user, ""]);
    const terms = { opensAtMs: 0, final: "0", lobbyUntilMs: "", findOnly: "0", rest };
    const args = [epoch, "", ...argsOf(queueScripts.join, terms)];
    const reply = (await redis.run(queueScripts.join.script, keys, args)) as unknown[];
    if (reply[0] !== "joined") throw new Error(`the queue said ${String(reply[0])}`);
    const inQueue = reply.filter((word) => word === "fresh" || word === "again").length;
    if (inQueue !== users.length) throw new Error(`${inQueue} of ${users.length} are in the queue`);
  };

  const joinAll = async (concertId: string, users: readonly UserId[]): Promise<void> => {
    const steps = [];
    for (let from = 0; from < users.length; from += usersPerStep)
      steps.push(join(concertId, users.slice(from, from + usersPerStep)));
    await Promise.all(steps);
  };
  return {
    join: async (concertId, users) => {
      for (let from = 0; from < users.length; from += usersPerStep * stepsAtOnce)
        await joinAll(concertId, users.slice(from, from + usersPerStep * stepsAtOnce));
    },
    fill: async (concertId, count) => {
      const kept: UserId[] = [];
      const keepEach = Math.max(1, Math.floor(count / keptMax));
      for (let done = 0; done < count; done += usersPerStep * stepsAtOnce) {
        const left = Math.min(usersPerStep * stepsAtOnce, count - done);
        const users = newUsers(left);
        await joinAll(concertId, users);
        kept.push(...users.filter((_, index) => (done + index) % keepEach === 0));
      }
      return kept;
    },
    memory: async () => {
      const text = String(await redis.command(["INFO", "memory"]));
      return { used: numberIn(text, "used_memory"), resident: numberIn(text, "used_memory_rss") };
    },
    close: () => redis.close(),
  };
};
