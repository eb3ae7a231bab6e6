import type { ConcertId } from "#kernel/ids.ts";
import type { DrawRecord } from "../../admission/domain/draw.ts";
import type { DrawnPlace } from "../domain/draw-value.ts";

/** All pages but the last hold so many places. */
export const drawPagePlaces = 1_000;

/** Places of one page, in order: `hashes` holds 32 bytes for each of the values. */
export interface DrawPage {
  readonly values: readonly number[];
  readonly hashes: Uint8Array;
}

/** One attempt to write a draw down; several may run, and the first to be settled stands. */
export interface DrawAttempt {
  readonly concertId: ConcertId;
  /** A UUID. */
  readonly drawId: string;
}

/** What lotteries have drawn, in the database. Every method throws Unavailable while it is away. */
export interface Draws {
  find(concertId: ConcertId): Promise<DrawRecord | null>;
  /** Keeps page `number` (from 0) of an attempt; nobody sees it before the attempt is settled. */
  writePage(attempt: DrawAttempt, number: number, page: DrawPage): Promise<void>;
  /** Makes the attempt the draw, unless another one is; answers what stands, and removes the others. */
  save(attempt: DrawAttempt, record: DrawRecord): Promise<DrawRecord>;
  /** Drawn places from the one with the index `from` (from 0), at most `count`, within one page. */
  list(concertId: ConcertId, from: number, count: number): Promise<readonly DrawnPlace[]>;
  /** The place of a user in the list, from 1, or null. */
  rank(
    concertId: ConcertId,
    user: { readonly drawValue: number; readonly userHash: string },
  ): Promise<number | null>;
}
