import type { Clock, InstantMs } from "#kernel/instant.ts";
import type { ConcertId } from "#kernel/ids.ts";
import { finalState, queueState, type FinalState, type QueueState } from "../domain/queue-state.ts";
import type { LineFigures, LineStore } from "../ports/line-store.ts";
import type { LineSchedule, Sales, Stock } from "../ports/sales.ts";

export interface ReadQueueDeps {
  readonly sales: Pick<Sales, "find" | "stock">;
  readonly store: Pick<LineStore, "figures">;
}

export interface QueueReading {
  readonly schedule: LineSchedule;
  readonly state: QueueState;
  readonly figures: LineFigures;
  /** Null while the database cannot tell. */
  readonly stock: Stock | null;
}

/** A line as everybody may see it; null when there is no such concert. Throws Unavailable. One store step. */
export const readQueue =
  (deps: ReadQueueDeps) =>
  async (concertId: ConcertId): Promise<QueueReading | null> => {
    const schedule = await deps.sales.find(concertId);
    if (schedule === null) return null;
    const [{ atMs, figures }, stock] = await Promise.all([
      deps.store.figures(concertId),
      deps.sales.stock(concertId),
    ]);
    return { schedule, state: stateAt(schedule, stock, atMs), figures, stock };
  };

/** The state that a schedule and a stock make at a moment. */
export const stateAt = (
  schedule: LineSchedule,
  stock: Stock | null,
  nowMs: InstantMs,
): QueueState => queueState({ ...schedule, stock, recovering: false }, nowMs);

/**
 * The state alone, without asking the line's store; null when there is no such concert. By this
 * process' clock, so an opening may be told a moment early or late.
 */
export const readState =
  (deps: Pick<ReadQueueDeps, "sales"> & { readonly clock: Clock }) =>
  async (concertId: ConcertId): Promise<QueueState | null> => {
    const schedule = await deps.sales.find(concertId);
    if (schedule === null) return null;
    return stateAt(schedule, await deps.sales.stock(concertId), deps.clock.nowMs());
  };

/** The state after which nobody will be admitted, or null; also null for a concert that is not known. */
export const readFinal =
  (deps: Parameters<typeof readState>[0]) =>
  async (concertId: ConcertId): Promise<FinalState | null> => {
    const state = await readState(deps)(concertId);
    return state === null ? null : finalState(state);
  };
