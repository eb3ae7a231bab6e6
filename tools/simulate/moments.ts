import type { Crowd, QueueSeen } from "./crowd.ts";

/** The state of the crowd at a moment of the run. */
export interface Moment {
  readonly second: number;
  readonly waiting: number;
  readonly shopping: number;
  /** Fans with tickets, and their tickets. */
  readonly bought: number;
  readonly seats: number;
  /** Admitted so far. */
  readonly admitted: number;
  /** Null: the server did not answer. */
  readonly queue: QueueSeen | null;
}

export const momentOf = ({ fans, queue }: Crowd, second: number): Moment => ({
  second,
  waiting: fans.filter(({ stage }) => stage === "waiting").length,
  shopping: fans.filter(({ stage }) => stage === "shopping").length,
  bought: fans.filter(({ ending }) => ending === "bought").length,
  seats: fans.reduce((sum, { tickets }) => sum + tickets.length, 0),
  admitted: fans.filter(({ admittedAtMs }) => admittedAtMs > 0).length,
  queue,
});
