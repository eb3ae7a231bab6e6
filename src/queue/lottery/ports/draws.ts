import type { ConcertId } from "#kernel/ids.ts";
import type { DrawRecord } from "../../admission/domain/draw.ts";
import type { DrawnPlace } from "../domain/draw-value.ts";

/** Each page holds this many places; the last page may hold fewer. */
export const drawPagePlaces = 1_000;

/** The places of one page, in order. `hashes` holds 32 bytes for each value. */
export interface DrawPage {
  readonly values: readonly number[];
  readonly hashes: Uint8Array;
}

/** One attempt to store a draw. Several may run at once; the first saved attempt becomes the draw. */
export interface DrawAttempt {
  readonly concertId: ConcertId;
  /** A UUID. */
  readonly drawId: string;
}

/** The draws of lotteries, in the database. Every method throws Unavailable while the database is away. */
export interface Draws {
  /** Returns the saved draw, or null. */
  find(concertId: ConcertId): Promise<DrawRecord | null>;
  /** Stores page `number` (from 0) of an attempt. No reader sees it before the attempt is saved. */
  writePage(attempt: DrawAttempt, number: number, page: DrawPage): Promise<void>;
  /** Makes the attempt the draw, unless there is one; deletes all other attempts. Returns the saved draw. */
  save(attempt: DrawAttempt, record: DrawRecord): Promise<DrawRecord>;
  /** Lists at most `count` drawn places from the index `from` (0 or more) on, within one page. */
  list(concertId: ConcertId, from: number, count: number): Promise<readonly DrawnPlace[]>;
  /** Returns the rank of a user in the list, from 1, or null if the list does not have the user. */
  rank(
    concertId: ConcertId,
    user: { readonly drawValue: number; readonly userHash: string },
  ): Promise<number | null>;
}
