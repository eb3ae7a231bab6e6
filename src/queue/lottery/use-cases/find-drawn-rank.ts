import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { DrawnRank } from "../../admission/domain/draw.ts";
import type { Sales } from "../../admission/ports/sales.ts";
import { lotteryValue } from "../domain/draw-value.ts";
import type { DrawHashes } from "../ports/draw-hashes.ts";
import type { Draws } from "../ports/draws.ts";

export interface FindDrawnRankDeps {
  readonly sales: Pick<Sales, "find">;
  readonly draws: Pick<Draws, "find" | "rank">;
  readonly hashes: Pick<DrawHashes, "hmac" | "hashUsers">;
}

const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * Finds the rank that a draw gave to a user, in the published list.
 *
 * Returns null for an unknown concert, in fifo, before the draw, and for a user who was not in the lobby.
 *
 * Throws Unavailable. Cost: two statements of the database.
 */
export const findDrawnRank =
  ({ sales, draws, hashes }: FindDrawnRankDeps) =>
  async (concertId: ConcertId, userId: UserId): Promise<DrawnRank | null> => {
    const schedule = await sales.find(concertId);
    const drawValue = schedule && lotteryValue(hashes.hmac, schedule, userId);
    if (drawValue === null) return null;
    const record = await draws.find(concertId);
    if (record === null) return null;
    const userHash = hexOf(hashes.hashUsers([userId]));
    const rank = await draws.rank(concertId, { drawValue, userHash });
    const { drawnAtMs, entrants } = record;
    return rank === null ? null : { drawnAtMs, drawValue, rank, entrants };
  };
