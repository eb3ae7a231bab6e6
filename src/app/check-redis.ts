import type { Log } from "#platform/log.ts";
import { reasonOf } from "#platform/reason.ts";
import { connectRedis } from "#platform/redis/connection.ts";
import { RedisRefused } from "#platform/redis/server-facts.ts";

/** The Redis of this installation cannot keep its queues. The message is one line for the operator. */
export class UnusableRedis extends Error {
  constructor(message: string, cause: RedisRefused) {
    super(message, { cause });
    this.name = "UnusableRedis";
  }
}

/**
 * Connects to Redis once, before the start. A Redis that cannot be reached is only warned of: it may come
 * later, and the instance starts with the queue closed.
 *
 * Throws UnusableRedis when Redis says that it is a replica, is in cluster mode, or deletes keys when it is full.
 */
export const checkRedis = async (
  url: string,
  timeouts: { readonly commandTimeoutMs: number; readonly connectTimeoutMs: number },
  log: Log,
): Promise<void> => {
  try {
    const connection = await connectRedis({ url, ...timeouts });
    connection.drop(new Error("the check is over"));
  } catch (error) {
    const { hostname, port } = new URL(url);
    const where = `Redis at ${hostname}:${port || 6379} (REDIS_URL)`;
    const problem = `${where} cannot be used: ${reasonOf(error)}.`;
    if (error instanceof RedisRefused) throw new UnusableRedis(problem, error);
    log.warn({}, `${problem} Until it can, no user can join a queue; ACTIVE users can still buy.`);
  }
};
