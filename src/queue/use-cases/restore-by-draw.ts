import { drawValueOfPlace, isUndrawn, type Hmac } from "../domain/draw.ts";
import type { RecoveryStore } from "../ports/recovery-store.ts";
import type { Sales } from "../ports/sales.ts";

export interface RestoreByDrawDeps {
  readonly store: Pick<RecoveryStore, "restore">;
  readonly sales: Pick<Sales, "find">;
  readonly hmac: Hmac;
}

/**
 * `QueueStore.restore`, which gives a place of a lottery's lobby its order again: nothing but the seed and
 * the user's id, so a token is enough to know it. Throws Unavailable.
 */
export const restoreByDraw =
  ({ store, sales, hmac }: RestoreByDrawDeps): RecoveryStore["restore"] =>
  async (concertId, userId, place, activeUntilMs) => {
    const schedule = await sales.find(concertId);
    const { epoch, seq } = place;
    if (schedule === null) return store.restore(concertId, userId, place, activeUntilMs);
    const drawValue = drawValueOfPlace(hmac, schedule, { userId, epoch, seq });
    const lost = { epoch, seq, drawValue, isBeforeDraw: isUndrawn(schedule) };
    await store.restore(concertId, userId, lost, activeUntilMs);
  };
