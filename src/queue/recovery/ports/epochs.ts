import type { ConcertId } from "#kernel/ids.ts";

/** The epoch of a queue, as the database knows it. */
export interface EpochRecord {
  readonly epoch: number;
  /** The run id of the store in this epoch. */
  readonly runId: string;
  /** The queue has given places, in this or an older epoch; a store of a later epoch may have lost some. */
  readonly inUse: boolean;
  /** The waiting list of the queue has begun, in this or an older epoch. */
  readonly waitingList: boolean;
}

/** The current epoch of each queue, in the database. Every method throws Unavailable. */
export interface Epochs {
  /** Returns the current epoch, or null if the queue has none. */
  read(concertId: ConcertId): Promise<EpochRecord | null>;
  /**
   * Sets epoch `from` + 1 and confirms it, if the epoch is still `from` (0: none), and no instance on another
   * store has confirmed it in the last 3 s. Returns the epoch afterwards, which may be that of another store.
   */
  raise(concertId: ConcertId, from: number, runId: string): Promise<EpochRecord>;
  /**
   * Confirms that these queues live in this store, and returns those for which that is so. A queue that lives
   * in another store or epoch by now is left out. Cost: one statement for all of them.
   */
  confirm(
    runId: string,
    queues: readonly { readonly concertId: ConcertId; readonly epoch: number }[],
  ): Promise<readonly ConcertId[]>;
  /** Marks for good that the queue gives places. The store gives the first place only after this. Idempotent. */
  markInUse(concertId: ConcertId): Promise<void>;
  /** Marks for good that the waiting list has begun. The store begins it only after this. Idempotent. */
  markWaitingList(concertId: ConcertId): Promise<void>;
}
