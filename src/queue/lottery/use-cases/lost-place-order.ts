import type { UserPlace } from "#kernel/queue-gate.ts";
import { isBeforeDraw } from "../../admission/domain/draw.ts";
import type { Sales } from "../../admission/ports/sales.ts";
import { drawValueOfPlace, type Hmac } from "../domain/draw-value.ts";

export interface LostPlaceOrderDeps {
  readonly sales: Pick<Sales, "find">;
  readonly hmac: Hmac;
}

/** The order of a place that the store has lost. */
export interface LostPlaceOrder {
  /** Undefined: the epoch and seq of the place order it. */
  readonly drawValue?: number | undefined;
  readonly isBeforeDraw?: boolean;
}

/**
 * Finds the order of a place that the store has lost.
 *
 * The seed and the user id fix the order in the lobby, so the token is enough to restore it.
 *
 * Returns an empty order for an unknown concert. Throws Unavailable.
 */
export const lostPlaceOrder =
  ({ sales, hmac }: LostPlaceOrderDeps) =>
  async ({ concertId, ...place }: UserPlace): Promise<LostPlaceOrder> => {
    const schedule = await sales.find(concertId);
    if (schedule === null) return {};
    return {
      drawValue: drawValueOfPlace(hmac, schedule, place),
      isBeforeDraw: isBeforeDraw(schedule),
    };
  };
