import type { ConcertId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { RedisStore } from "#platform/redis/store.ts";
import { retentionMs } from "../../admission/domain/admission.ts";
import type { EpochRecord, Epochs } from "../../recovery/ports/epochs.ts";
import { queueKeys } from "./keys.ts";
import { attachScript } from "./scripts.ts";

interface Attached {
  readonly generation: number;
  readonly epoch: number;
}

/** The epoch of each queue on the present connection to Redis. */
export interface Attachment {
  /**
   * Returns the epoch of a queue, agreed on with the database once for each connection and concert.
   *
   * A changed run id or a missing epoch key means that Redis may have lost something, so the epoch is raised.
   * When the queue has given places before, it then recovers. Throws Unavailable while either store is away.
   */
  epochOf(concertId: ConcertId): Promise<number>;
  /** Marks the queue as in use in the database, once for each concert, after `epochOf`. Throws Unavailable. */
  use(concertId: ConcertId): Promise<void>;
  /** A step was refused as of an old epoch: the next `epochOf` agrees again. */
  forget(concertId: ConcertId, epoch: number): void;
}

/** An attempt to agree fails only when the connection was lost, or another instance was faster. */
const attemptsMax = 5;
/** Another instance needs one round trip between its row in the database and its epoch key in Redis. */
const markDelayMs = 30;

export const attachment = (redis: RedisStore, epochs: Epochs, recoveryMs: number): Attachment => {
  const used = new Set<ConcertId>();
  const known = new Map<ConcertId, Attached>();
  const running = new Map<ConcertId, Promise<number>>();

  const readMark = async (concertId: ConcertId): Promise<number> => {
    const [markKey = ""] = queueKeys(concertId);
    return Number((await redis.command(["GET", markKey])) ?? 0);
  };

  /** The epoch in the database, which is raised unless Redis has the same one. */
  const decideEpoch = async (concertId: ConcertId, runId: string): Promise<EpochRecord> => {
    const record = await epochs.read(concertId);
    if (record !== null && record.runId === runId) {
      if ((await readMark(concertId)) === record.epoch) return record;
      await new Promise((resolve) => setTimeout(resolve, markDelayMs));
      if ((await readMark(concertId)) === record.epoch) return record;
    }
    return epochs.raise(concertId, record?.epoch ?? 0, runId);
  };

  const attach = async (concertId: ConcertId): Promise<number> => {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const generation = redis.generation();
      const runId = redis.runId();
      if (generation === 0) throw new Unavailable("Redis is away");
      const { epoch, inUse } = await decideEpoch(concertId, runId);
      const reply = await redis.run(attachScript.script, queueKeys(concertId), [
        epoch,
        inUse ? recoveryMs : 0,
        retentionMs,
      ]);
      const [status] = reply as [string];
      if (status === "attached" && redis.generation() === generation) {
        known.set(concertId, { generation, epoch });
        return epoch;
      }
    }
    throw new Unavailable("the epoch of the queue could not be agreed on");
  };

  return {
    epochOf(concertId) {
      const attached = known.get(concertId);
      if (attached !== undefined && attached.generation === redis.generation()) {
        return Promise.resolve(attached.epoch);
      }
      const ongoing = running.get(concertId);
      if (ongoing !== undefined) return ongoing;
      const attempt = attach(concertId).finally(() => running.delete(concertId));
      running.set(concertId, attempt);
      return attempt;
    },
    async use(concertId) {
      if (used.has(concertId)) return;
      await epochs.markInUse(concertId);
      used.add(concertId);
    },
    forget(concertId, epoch) {
      if (known.get(concertId)?.epoch === epoch) known.delete(concertId);
    },
  };
};
