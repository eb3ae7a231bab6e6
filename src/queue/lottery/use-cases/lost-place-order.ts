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
  /** Undefined: the place is ordered by itself. */
  readonly drawValue?: number | undefined;
  readonly isBeforeDraw?: boolean;
}

/**
 * Finds the order of a place that the store has lost. In the lobby it follows from the seed and the user
 * id, so the token alone is enough. Throws Unavailable.
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
