import type { Clock } from "#kernel/instant.ts";
import type { ConcertId } from "#kernel/ids.ts";
import type { PublishedDraw } from "../domain/draw.ts";
import { finalState, stateAt, type FinalState, type QueueState } from "../domain/queue-state.ts";
import type { QueueCounters, QueueStore } from "../ports/queue-store.ts";
import type { QueueSchedule, Sales, Stock } from "../ports/sales.ts";

export interface ReadQueueDeps {
  readonly sales: Pick<Sales, "find" | "stock">;
  readonly store: Pick<QueueStore, "getSnapshot">;
  /** The public part of a lottery's draw; null in fifo. */
  readonly publishedDraw: (schedule: QueueSchedule) => PublishedDraw | null;
}

export interface QueueReading {
  readonly schedule: QueueSchedule;
  readonly state: QueueState;
  readonly counters: QueueCounters;
  /** Null while the database cannot tell. */
  readonly stock: Stock | null;
  /** What may be known of the draw now; null in fifo. */
  readonly draw: PublishedDraw | null;
}

/** A queue as everybody may see it; null when there is no such concert. Throws Unavailable. One store step. */
export const readQueue =
  (deps: ReadQueueDeps) =>
  async (concertId: ConcertId): Promise<QueueReading | null> => {
    const schedule = await deps.sales.find(concertId);
    if (schedule === null) return null;
    const [{ atMs, counters }, stock] = await Promise.all([
      deps.store.getSnapshot(concertId),
      deps.sales.stock(concertId),
    ]);
    const state = stateAt(schedule, stock, atMs, counters.recovering);
    return { schedule, state, counters, stock, draw: deps.publishedDraw(schedule) };
  };

export interface ReadStateDeps extends Pick<ReadQueueDeps, "sales"> {
  readonly clock: Clock;
  /** Whether the queue is known to wait for its people; nobody's is, unless told. */
  readonly isRecovering?: (concertId: ConcertId) => boolean;
}

/**
 * The state alone, without asking the queue's store; null when there is no such concert. By this
 * process' clock, so an opening may be told a moment early or late.
 */
export const readState =
  (deps: ReadStateDeps) =>
  async (concertId: ConcertId): Promise<QueueState | null> => {
    const schedule = await deps.sales.find(concertId);
    if (schedule === null) return null;
    const stock = await deps.sales.stock(concertId);
    const isRecovering = deps.isRecovering?.(concertId);
    return stateAt(schedule, stock, deps.clock.nowMs(), isRecovering);
  };

/** The state after which nobody will be admitted, or null; also null for a concert that is not known. */
export const readFinal =
  (deps: ReadStateDeps) =>
  async (concertId: ConcertId): Promise<FinalState | null> => {
    const state = await readState(deps)(concertId);
    return state === null ? null : finalState(state);
  };
