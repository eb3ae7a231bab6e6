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

/** Knows in which epoch a concert's queue lives, on the connection that there is now. */
export interface Attachment {
  /**
   * The epoch, agreed on with the database once a connection and concert. A changed run id or a
   * missing mark means that the store may have lost something: the epoch is raised, always. Throws
   * Unavailable while either store is away. When people may have had places before, the queue then
   * waits for them.
   */
  epochOf(concertId: ConcertId): Promise<number>;
  /** Notes in the database that places are given, once a concert. After `epochOf`. Throws Unavailable. */
  use(concertId: ConcertId): Promise<void>;
  /** The store said that it lives in another epoch: agree again. */
  forget(concertId: ConcertId, epoch: number): void;
}

/** Attempts to agree; each fails only when the connection was lost or another instance was faster. */
const attemptsMax = 5;
/** Between the database's word and its mark in the store another instance needs one round trip. */
const markDelayMs = 30;

export const attachment = (redis: RedisStore, epochs: Epochs, recoveryMs: number): Attachment => {
  const used = new Set<ConcertId>();
  const known = new Map<ConcertId, Attached>();
  const running = new Map<ConcertId, Promise<number>>();

  const readMark = async (concertId: ConcertId): Promise<number> => {
    const [markKey = ""] = queueKeys(concertId);
    return Number((await redis.command(["GET", markKey])) ?? 0);
  };

  /** The epoch that the database now stands for; raised unless store and database already agree. */
  const decideEpoch = async (concertId: ConcertId, runId: string): Promise<EpochRecord> => {
    const word = await epochs.read(concertId);
    if (word !== null && word.runId === runId) {
      if ((await readMark(concertId)) === word.epoch) return word;
      await new Promise((resolve) => setTimeout(resolve, markDelayMs));
      if ((await readMark(concertId)) === word.epoch) return word;
    }
    return epochs.raise(concertId, word?.epoch ?? 0, runId);
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
    throw new Unavailable("the queue's epoch could not be agreed on");
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
