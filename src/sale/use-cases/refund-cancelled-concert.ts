import type { CancelledConcert, CancelledConcerts } from "../ports/cancelled-concerts.ts";
import { refundSome, type RefundForOperatorDeps } from "./refund-for-operator.ts";

export interface RefundCancelledDeps extends Pick<RefundForOperatorDeps, "refunds"> {
  readonly cancelledConcerts: Pick<CancelledConcerts, "cancelHolds" | "finish">;
}

/** Tickets in one transaction. More lock wallets and seats for longer; fewer commit more often. */
const ticketsMax = 250;

/**
 * Takes one step with a cancelled concert: cancels some of its holds and refunds some of its tickets in full. Marks the
 * concert as finished when nothing is left.
 *
 * Each step is committed by itself, and the rows tell what is left: after a kill at any point another instance goes on,
 * and several at once refund each ticket once. Throws Unavailable.
 */
export const refundCancelledConcert =
  ({ refunds, cancelledConcerts }: RefundCancelledDeps) =>
  async (concert: CancelledConcert): Promise<"more" | "done"> => {
    const { concertId } = concert;
    const holds = await cancelledConcerts.cancelHolds(concertId);
    const refunded = await refundSome({ refunds })({ ...concert, isCancelled: true }, ticketsMax);
    if (holds > 0 || refunded !== null) return "more";
    await cancelledConcerts.finish(concertId);
    return "done";
  };
