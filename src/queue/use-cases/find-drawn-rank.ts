import type { ConcertId, UserId } from "#kernel/ids.ts";
import { lotteryValue } from "../domain/draw.ts";
import type { DrawHashes } from "../ports/draw-hashes.ts";
import type { Draws } from "../ports/draws.ts";
import type { DrawnRanks } from "../ports/live-places.ts";
import type { Sales } from "../ports/sales.ts";

export interface FindDrawnRankDeps {
  readonly sales: Pick<Sales, "find">;
  readonly draws: Pick<Draws, "find" | "rank">;
  readonly sums: Pick<DrawHashes, "hmac" | "hashUsers">;
}

const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** What a draw has given to a user, looked up in the list that was published. Two statements. */
export const findDrawnRank = ({ sales, draws, sums }: FindDrawnRankDeps): DrawnRanks => ({
  async find(concertId: ConcertId, userId: UserId) {
    const schedule = await sales.find(concertId);
    const drawValue = schedule && lotteryValue(sums.hmac, schedule, userId);
    if (drawValue === null) return null;
    const record = await draws.find(concertId);
    if (record === null) return null;
    const userHash = hexOf(sums.hashUsers([userId]));
    const rank = await draws.rank(concertId, { drawValue, userHash });
    const { drawnAtMs, entrants } = record;
    return rank === null ? null : { drawnAtMs, drawValue, rank, entrants };
  },
});
