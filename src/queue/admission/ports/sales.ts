import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertId } from "#kernel/ids.ts";
import type { DrawRecord } from "../domain/draw.ts";
import type { QueuePolicy } from "../domain/policy.ts";

/** What the queue needs to know of a concert's sale. */
export interface QueueSchedule {
  readonly concertId: ConcertId;
  readonly policy: QueuePolicy;
  readonly pausedAtMs: InstantMs | null;
  readonly resumedAtMs: InstantMs | null;
  /** After a pause the rate grows from zero to its setting over this time; null or 0: at once. */
  readonly rampSeconds: number | null;
  readonly closedAtMs: InstantMs | null;
  /** 32 bytes in hex for a lottery, else null. Never leaves the server before the draw. */
  readonly drawSeed: string | null;
  /** What a lottery has drawn, once that stands in the database; the queue adds it by itself. */
  readonly draw?: DrawRecord | null | undefined;
}

/** Seats of all dates that can still be booked (lapsed holds count as available; begun dates not at all). */
export interface Stock {
  readonly available: number;
  readonly held: number;
  readonly sold: number;
  readonly total: number;
}

/** The concerts on sale, as this instance knows them: at most 1 s old, or as last known while the database is away. */
export interface Sales {
  find(concertId: ConcertId): Promise<QueueSchedule | null>;
  /** Concerts whose queue may have something to do: open or about to be, and those closed within the last hour. */
  running(): Promise<readonly QueueSchedule[]>;
  /** At most 1 s old, or null when it cannot be known now (then nobody is admitted). */
  stock(concertId: ConcertId): Promise<Stock | null>;
}
