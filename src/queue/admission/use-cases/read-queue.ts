import type { Clock } from "#kernel/instant.ts";
import type { ConcertId } from "#kernel/ids.ts";
import type { QueueState } from "#kernel/queue-forecasts.ts";
import type { Stock } from "#kernel/stock.ts";
import type { PublishedDraw } from "../domain/draw.ts";
import { finalState, stateAt, type FinalState } from "../domain/queue-state.ts";
import type { QueueCounters, QueueStore } from "../ports/queue-store.ts";
import type { QueueSchedule, Sales } from "../ports/sales.ts";

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
  /** Null while it is unknown. */
  readonly stock: Stock | null;
  /** The public part of the draw; null in fifo. */
  readonly draw: PublishedDraw | null;
}

/**
 * Reads the public view of a queue; null for an unknown concert. Throws Unavailable. Cost: one store step.
 */
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
  /** Whether the queue is known to recover; without it, no queue is. */
  readonly isRecovering?: (concertId: ConcertId) => boolean;
}

/**
 * Reads the state of a queue without asking its store; null for an unknown concert. It goes by the clock of
 * this process, so an opening may show a moment early or late.
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

/** The final state of a queue; null while users may still be admitted, and for an unknown concert. */
export const readFinal =
  (deps: ReadStateDeps) =>
  async (concertId: ConcertId): Promise<FinalState | null> => {
    const [schedule, state] = await Promise.all([
      deps.sales.find(concertId),
      readState(deps)(concertId),
    ]);
    return schedule === null || state === null ? null : finalState(state, schedule.policy);
  };
