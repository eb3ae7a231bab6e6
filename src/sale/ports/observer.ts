import type { CommandKind } from "../domain/commands.ts";

/** What the sale tells of itself, for metrics. Never throws, costs next to nothing. */
export interface SaleObserver {
  /** One command was answered: with an outcome's kind, or `unavailable`, or `failed`. */
  commandAnswered(kind: CommandKind, outcome: string, durationMs: number): void;
  /** One transaction of commands ended. `setAside`: how many missed a row and wait alone. */
  batchEnded(size: number, setAside: number, durationMs: number): void;
  /** Lapsed holds that were made visible. */
  swept(reservationCount: number): void;
  /** What the queue accepted from the outbox, and how many rows still wait (as far as was looked). */
  outboxDelivered(count: number, waiting: number): void;
}
