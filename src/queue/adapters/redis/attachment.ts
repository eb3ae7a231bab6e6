import { setTimeout as delay } from "node:timers/promises";
import type { ConcertId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { RedisStore } from "#platform/redis/store.ts";
import { retentionMs } from "../../admission/domain/admission.ts";
import type { EpochRecord, Epochs } from "../../recovery/ports/epochs.ts";
import { confirmations, type KnownQueue } from "./confirmations.ts";
import { queueKeys } from "./keys.ts";
import { attachScript } from "./scripts.ts";

interface Attached {
  readonly generation: number;
  readonly runId: string;
  readonly epoch: number;
}

/** The queue lives in another server. */
interface Elsewhere {
  readonly generation: number;
  readonly untilMs: number;
}

/** The epoch of each queue on the present connection to Redis. */
export interface Attachment {
  /**
   * Returns the epoch of a queue, agreed on with the database once for each connection and concert.
   *
   * A changed run id or a missing epoch key means that Redis may have lost something, so the epoch is raised.
   * When the queue has given places before, it then recovers. Throws Unavailable while either store is away, and
   * while instances on another server confirm the queue there.
   */
  epochOf(concertId: ConcertId): Promise<number>;
  /**
   * Returns the epoch of a queue if the database has confirmed it in the last 2 s, else null: instances on another
   * server may have taken the queue over. Throws Unavailable as `epochOf` does.
   */
  confirmedEpochOf(concertId: ConcertId): Promise<number | null>;
  /** Marks the queue as in use in the database, once for each concert, after `epochOf`. Throws Unavailable. */
  use(concertId: ConcertId): Promise<void>;
  /** Marks in the database that the waiting list has begun, once for each concert, after `epochOf`. Throws Unavailable. */
  beginWaitingList(concertId: ConcertId): Promise<void>;
  /** A step was refused as of an old epoch: the next `epochOf` agrees again. */
  forget(concertId: ConcertId, epoch: number): void;
}

/** An attempt to agree fails only when the connection was lost, or another instance was faster. */
const attemptsMax = 5;
/** Another instance needs one round trip between its row in the database and its epoch key in Redis. */
const markDelayMs = 30;
/**
 * A new queue has no places that may be lost, so there is time for an instance that is busy. Raised while that one
 * attaches, the epoch would stop a sale that has just begun for a recovery.
 */
const newMarkDelayMs = 1_000;
/** Every request for a queue that lives in another server would otherwise ask the database. */
const elsewhereMs = 200;

const monotonicMs = (): number => performance.now();

const livesElsewhere = (): Unavailable =>
  new Unavailable("instances on another Redis server have kept the queue in the last 3 s");

const readMark = async (redis: RedisStore, concertId: ConcertId): Promise<number> => {
  const [markKey = ""] = queueKeys(concertId);
  return Number((await redis.command(["GET", markKey])) ?? 0);
};

/** The epoch in the database, which is raised unless Redis has the same one. It may be of another server. */
const decideEpoch = async (
  redis: RedisStore,
  epochs: Epochs,
  concertId: ConcertId,
  runId: string,
): Promise<EpochRecord> => {
  const record = await epochs.read(concertId);
  if (record !== null && record.runId === runId) {
    const deadlineMs = monotonicMs() + (record.inUse ? markDelayMs : newMarkDelayMs);
    for (;;) {
      if ((await readMark(redis, concertId)) === record.epoch) return record;
      if (monotonicMs() >= deadlineMs) break;
      await delay(markDelayMs);
    }
  }
  return epochs.raise(concertId, record?.epoch ?? 0, runId);
};

/** Runs the work once for each concert; work that throws runs again. */
const onceEach = (work: (concertId: ConcertId) => Promise<void>) => {
  const done = new Set<ConcertId>();
  return async (concertId: ConcertId): Promise<void> => {
    if (done.has(concertId)) return;
    await work(concertId);
    done.add(concertId);
  };
};

export const attachment = (redis: RedisStore, epochs: Epochs, recoveryMs: number): Attachment => {
  const known = new Map<ConcertId, Attached>();
  const running = new Map<ConcertId, Promise<number>>();
  const elsewhere = new Map<ConcertId, Elsewhere>();

  const attach = async (concertId: ConcertId): Promise<number> => {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const generation = redis.generation();
      const runId = redis.runId();
      if (generation === 0) {
        await redis.command(["PING"]); // Throws the reason for which there is no connection.
        continue;
      }
      const record = await decideEpoch(redis, epochs, concertId, runId);
      const { epoch, inUse, waitingList, runId: home } = record;
      if (home !== runId) {
        elsewhere.set(concertId, { generation, untilMs: monotonicMs() + elsewhereMs });
        throw livesElsewhere();
      }
      elsewhere.delete(concertId);
      const reply = await redis.run(attachScript.script, queueKeys(concertId), [
        epoch,
        inUse ? recoveryMs : 0,
        retentionMs,
        waitingList ? 1 : 0,
      ]);
      const [status] = reply as [string];
      if (status === "attached" && redis.generation() === generation) {
        known.set(concertId, { generation, runId, epoch });
        return epoch;
      }
    }
    throw new Unavailable("the epoch of the queue could not be agreed on");
  };

  const epochOf = (concertId: ConcertId): Promise<number> => {
    const generation = redis.generation();
    const attached = known.get(concertId);
    if (attached?.generation === generation) return Promise.resolve(attached.epoch);
    const ongoing = running.get(concertId);
    if (ongoing !== undefined) return ongoing;
    const found = elsewhere.get(concertId);
    if (found?.generation === generation && monotonicMs() < found.untilMs) {
      return Promise.reject(livesElsewhere());
    }
    const attempt = attach(concertId).finally(() => running.delete(concertId));
    running.set(concertId, attempt);
    return attempt;
  };
  const forget = (concertId: ConcertId, epoch: number): void => {
    if (known.get(concertId)?.epoch === epoch) known.delete(concertId);
  };
  const refused = ({ concertId, epoch }: KnownQueue): void => forget(concertId, epoch);
  const { isConfirmed } = confirmations(epochs, refused, monotonicMs);

  return {
    epochOf,
    forget,
    async confirmedEpochOf(concertId) {
      const epoch = await epochOf(concertId);
      const attached = known.get(concertId);
      if (attached?.epoch !== epoch) return null;
      return (await isConfirmed({ concertId, epoch, runId: attached.runId })) ? epoch : null;
    },
    use: onceEach(epochs.markInUse),
    beginWaitingList: onceEach(epochs.markWaitingList),
  };
};
