import type { CommandKind } from "../domain/commands.ts";

/** Receives the sale's figures for metrics. No method throws. */
export interface SaleObserver {
  /** One command was answered: `outcome` is the outcome's kind, `unavailable` or `failed`. */
  commandAnswered(kind: CommandKind, outcome: string, durationMs: number): void;
  /** One transaction of commands ended. `deferred`: commands that missed a locked row and now wait alone. */
  batchEnded(size: number, deferred: number, durationMs: number): void;
  /** Reservations that became EXPIRED because their hold had lapsed. */
  swept(reservationCount: number): void;
  /** One pass over the outbox: rows that the queue accepted, and rows that were read and not accepted. */
  outboxDelivered(count: number, waiting: number): void;
}
