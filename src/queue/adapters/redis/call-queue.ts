import type { ConcertId } from "#kernel/ids.ts";
import type { RedisStore } from "#platform/redis/store.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { Attachment } from "./attachment.ts";
import { queueKeys } from "./keys.ts";
import { argsOf, type Binding, type StepArgs } from "./scripts.ts";

/** The reply of a script: a status, then strings and whole numbers. */
export type Reply = readonly [status: string, ...rest: (string | number)[]];

export interface QueueCall {
  readonly epoch: number;
  readonly reply: Reply;
}

/** Runs one step on a concert's queue. */
export type CallQueue = <B extends Binding>(
  binding: B,
  concertId: ConcertId,
  values: StepArgs<B>,
  more?: {
    /** Keys after those of the queue. */
    readonly keys?: readonly string[];
    /** The step is for this epoch only. In another one it does nothing and returns `stale-epoch`. */
    readonly onlyEpoch?: number;
    /** The step may give a place, so the database marks the queue as in use before it. */
    readonly givesPlaces?: boolean;
  },
) => Promise<QueueCall>;

/**
 * Runs a step of one epoch, which the database has confirmed in the last 2 s, and once more when the epoch has
 * just risen. The step gets null without a confirmation: instances on another server may have taken the queue
 * over.
 */
export const confirmedRunner =
  (attached: Pick<Attachment, "confirmedEpochOf" | "forget">) =>
  async (
    concertId: ConcertId,
    step: (onlyEpoch: number | null) => Promise<QueueCall>,
  ): Promise<QueueCall> => {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const onlyEpoch = await attached.confirmedEpochOf(concertId);
      const answer = await step(onlyEpoch);
      if (onlyEpoch === null || answer.reply[0] !== "stale-epoch") return answer;
      attached.forget(concertId, onlyEpoch);
    }
    throw new Unavailable("the queue's store changes its epoch");
  };

/**
 * Adds keys, epoch and clock to every step. A step of an old epoch is refused and does nothing, so it runs
 * once more in the present epoch. Only tests give `nowMs`.
 */
export const queueCaller =
  (redis: RedisStore, attached: Attachment, nowMs: (() => number) | null): CallQueue =>
  async (
    binding,
    concertId,
    values,
    { keys: moreKeys = [], onlyEpoch, givesPlaces = false } = {},
  ) => {
    const keys = [...queueKeys(concertId), ...moreKeys];
    for (let attempt = 0; attempt < 2; attempt += 1) {
      let current = await attached.epochOf(concertId);
      if (givesPlaces) {
        await attached.use(concertId);
        // During that statement Redis may have been lost, and have loaded an old snapshot.
        current = await attached.epochOf(concertId);
      }
      const epoch = onlyEpoch ?? current;
      const args = [epoch, nowMs?.() ?? "", ...argsOf(binding, values)];
      const reply = (await redis.run(binding.script, keys, args)) as Reply;
      if (reply[0] !== "stale-epoch") return { epoch, reply };
      if (onlyEpoch !== undefined) return { epoch, reply };
      attached.forget(concertId, epoch);
    }
    throw new Unavailable("the queue's store changes its epoch");
  };

/** The text of a field of a reply. Throws TypeError on another type, which is a bug in the script. */
export const textAt = (reply: Reply, index: number): string => {
  const value = reply[index];
  if (typeof value !== "string") throw new TypeError(`reply field ${index} is not text`);
  return value;
};

/** The whole number of a field of a reply. Throws TypeError on another type, which is a bug in the script. */
export const numberAt = (reply: Reply, index: number): number => {
  const value = reply[index];
  if (typeof value !== "number") throw new TypeError(`reply field ${index} is not a number`);
  return value;
};
