import { Unavailable } from "#kernel/unavailable.ts";
import type { StoreJoin, QueueStore } from "../../admission/ports/queue-store.ts";

export interface JoinWhenRebuiltDeps {
  readonly store: Pick<QueueStore, "join">;
  /** Resolves after `ms` milliseconds. */
  readonly delay: (ms: number) => Promise<void>;
}

/** The next pass normally rebuilds the queue, and passes are 200 ms apart. */
const retryMs = 200;
/** Shorter than the server's deadline for an answer: a request that got 503 gets no place afterwards. */
const waitMaxMs = 2_400;
/** More waiting requests would load the store, and delay other requests. */
export const waitersMax = 500;

/**
 * Joins as soon as the queue is rebuilt, because until then only the database knows the user's place.
 *
 * Throws Unavailable at once when 500 requests already wait, and otherwise after 2.4 s. Cost: one join of the
 * store, and one more every 200 ms of waiting.
 */
export const joinWhenRebuilt = ({ store, delay }: JoinWhenRebuiltDeps): StoreJoin => {
  let waiters = 0;
  const wait: StoreJoin = async (...args) => {
    for (let waitedMs = 0; waitedMs < waitMaxMs; waitedMs += retryMs) {
      await delay(retryMs);
      const joined = await store.join(...args);
      if (joined.kind !== "not-rebuilt") return joined;
    }
    throw new Unavailable("the queue is not rebuilt yet");
  };
  return async (...args) => {
    const joined = await store.join(...args);
    if (joined.kind !== "not-rebuilt") return joined;
    if (waiters >= waitersMax) throw new Unavailable("too many requests wait for the queue");
    waiters += 1;
    return wait(...args).finally(() => {
      waiters -= 1;
    });
  };
};
