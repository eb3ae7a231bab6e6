import type { ConcertId } from "#kernel/ids.ts";

/** What the catalogue shows of the line and the sale; `app` bridges it. */
export interface LiveQueues {
  /** The line's state for a concert, as GET …/queue tells it; never throws (falls back to the schedule). */
  state(concertId: ConcertId): Promise<string>;
}

export interface LiveFigures {
  readonly waiting: number | null;
  readonly active: number | null;
  readonly admissionsPerMinute: number;
  readonly admittedLastMinute: number | null;
  readonly admittedTotal: number;
  readonly seatsAvailable: number;
  readonly seatsHeld: number;
  readonly seatsSold: number;
  readonly seatsTotal: number;
  readonly revenue: string;
  readonly waitSeconds: { readonly p50: number; readonly p90: number; readonly p99: number } | null;
  readonly abandoned: { readonly left: number; readonly lapsed: number };
}
