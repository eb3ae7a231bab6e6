import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertId } from "#kernel/ids.ts";
import type { MaybePromise } from "#kernel/maybe-promise.ts";
import type { Stock } from "#kernel/stock.ts";
import type { DrawRecord } from "../domain/draw.ts";
import type { QueuePolicy } from "../domain/policy.ts";

/** The sale of a concert, as far as its queue depends on it. */
export interface QueueSchedule {
  readonly concertId: ConcertId;
  readonly policy: QueuePolicy;
  readonly pausedAtMs: InstantMs | null;
  readonly resumedAtMs: InstantMs | null;
  /** After a pause the rate grows from 0 to its setting over this time; null or 0: at once. */
  readonly rampSeconds: number | null;
  readonly closedAtMs: InstantMs | null;
  /** The concert does not take place. Its queue is closed then too. */
  readonly cancelledAtMs: InstantMs | null;
  /** For a lottery, 32 bytes in hex, which the server keeps secret until the draw; else null. */
  readonly drawSeed: string | null;
  /** The draw of a lottery, once the database has it. The lottery part of the queue adds it. */
  readonly draw?: DrawRecord | null | undefined;
}

/**
 * The concerts on sale: at most 1 s old, or as last known while the database is away. A known value is returned at
 * once.
 */
export interface Sales {
  find(concertId: ConcertId): MaybePromise<QueueSchedule | null>;
  /** Brings `find` to what the database knows now. Throws Unavailable. */
  refresh(): Promise<void>;
  /** The concerts whose queue needs passes: open, about to open, or closed within the last hour. */
  running(): Promise<readonly QueueSchedule[]>;
  /** At most 1 s old; null while it is unknown, and then no user is admitted. */
  stock(concertId: ConcertId): MaybePromise<Stock | null>;
}
