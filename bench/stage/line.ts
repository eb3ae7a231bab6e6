import { silentLog } from "#platform/log.ts";
import { openRedis, type RedisStore } from "#platform/redis/store.ts";
import type { ConcertId } from "#kernel/ids.ts";
import { lineKeys } from "../../src/line/adapters/redis/keys.ts";
import { argsOf, lineScripts } from "../../src/line/adapters/redis/scripts.ts";
import { newUsers, type UserId } from "./crowd.ts";
import type { Stage } from "./stage.ts";

/** The line's own store, for putting a crowd in line faster than over HTTP. */
export interface LineStore {
  /** New people join a line that the server knows, by the server's own script; answers some of them. */
  fill(concertId: string, count: number): Promise<UserId[]>;
  /** These join, or, where they are in line already, ask for their place: who asks is not absent. */
  join(concertId: string, users: readonly UserId[]): Promise<void>;
  /** `used_memory` and `used_memory_rss`, in bytes. */
  memory(): Promise<{ used: number; resident: number }>;
  close(): Promise<void>;
}

const peoplePerStep = 500;
const stepsAtOnce = 4;
/** Of those who joined, this many are kept to act for. */
const keptMax = 20_000;

const untilConnected = async (redis: RedisStore): Promise<void> => {
  for (let attempt = 0; !redis.ready() && attempt < 200; attempt++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  if (!redis.ready()) throw new Error("no connection to Redis");
};

const numberIn = (text: string, name: string): number =>
  Number(new RegExp(`^${name}:(\\d+)`, "m").exec(text)?.[1] ?? Number.NaN);

export const openLine = async (stage: Stage): Promise<LineStore> => {
  const redis = openRedis({ url: stage.redis.url, commandTimeoutMs: 20_000, log: silentLog });
  await untilConnected(redis);

  const join = async (concertId: string, users: readonly UserId[]): Promise<void> => {
    const keys = lineKeys(concertId as ConcertId);
    const epoch = String(await redis.command(["GET", keys[0] ?? ""]));
    const rest = users.flatMap((user) => [user, ""]);
    const terms = { opensAtMs: 0, final: "0", lobbyUntilMs: "", rest };
    const args = [epoch, "", ...argsOf(lineScripts.join, terms)];
    const reply = (await redis.run(lineScripts.join.script, keys, args)) as unknown[];
    if (reply[0] !== "joined") throw new Error(`the line said ${String(reply[0])}`);
    const inLine = reply.filter((word) => word === "fresh" || word === "again").length;
    if (inLine !== users.length) throw new Error(`${inLine} of ${users.length} are in line`);
  };

  const joinAll = async (concertId: string, users: readonly UserId[]): Promise<void> => {
    const steps = [];
    for (let from = 0; from < users.length; from += peoplePerStep)
      steps.push(join(concertId, users.slice(from, from + peoplePerStep)));
    await Promise.all(steps);
  };
  return {
    join: async (concertId, users) => {
      for (let from = 0; from < users.length; from += peoplePerStep * stepsAtOnce)
        await joinAll(concertId, users.slice(from, from + peoplePerStep * stepsAtOnce));
    },
    fill: async (concertId, count) => {
      const kept: UserId[] = [];
      const keepEach = Math.max(1, Math.floor(count / keptMax));
      for (let done = 0; done < count; done += peoplePerStep * stepsAtOnce) {
        const left = Math.min(peoplePerStep * stepsAtOnce, count - done);
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
