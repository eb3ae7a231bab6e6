import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertId } from "#kernel/ids.ts";
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
  /** For a lottery, 32 bytes in hex, which the server keeps secret until the draw; else null. */
  readonly drawSeed: string | null;
  /** The draw of a lottery, once the database has it. The lottery part of the queue adds it. */
  readonly draw?: DrawRecord | null | undefined;
}

/** The seats of a concert. Expired holds count as available. `sold` and `total` never fall when a date begins. */
export interface Stock {
  /** Free seats of the dates that have not begun. */
  readonly available: number;
  /** Held seats of all dates. */
  readonly held: number;
  /** Held seats of the dates that have not begun: they may become available again. */
  readonly mayReturn: number;
  /** Sold seats of all dates. */
  readonly sold: number;
  /** All seats of all dates. */
  readonly total: number;
  /** Whether every date has begun. */
  readonly hasEnded: boolean;
}

/** The concerts on sale: at most 1 s old, or as last known while the database is away. */
export interface Sales {
  find(concertId: ConcertId): Promise<QueueSchedule | null>;
  /** The concerts whose queue needs passes: open, about to open, or closed within the last hour. */
  running(): Promise<readonly QueueSchedule[]>;
  /** At most 1 s old; null while it is unknown, and then no user is admitted. */
  stock(concertId: ConcertId): Promise<Stock | null>;
}
