import type { ConcertId } from "#kernel/ids.ts";

/** The epoch of a queue, as the database knows it. */
export interface EpochRecord {
  readonly epoch: number;
  /** The run id of the store in this epoch. */
  readonly runId: string;
  /** The queue has given places, in this or an older epoch; a store of a later epoch may have lost some. */
  readonly inUse: boolean;
}

/** The current epoch of each queue, in the database. Every method throws Unavailable. */
export interface Epochs {
  /** Returns the current epoch, or null if the queue has none. */
  read(concertId: ConcertId): Promise<EpochRecord | null>;
  /** Sets epoch `from` + 1, if the epoch is still `from` (0: none). Returns the epoch afterwards. */
  raise(concertId: ConcertId, from: number, runId: string): Promise<EpochRecord>;
  /** Marks for good that the queue gives places. The store gives the first place only after this. Idempotent. */
  markInUse(concertId: ConcertId): Promise<void>;
}
