import type { ConcertId } from "#kernel/ids.ts";

/** The state of a queue, as `GET …/queue` answers it. */
export type QueueState =
  | "SCHEDULED"
  | "LOBBY"
  | "OPEN"
  | "PAUSED"
  | "RECOVERING"
  | "ALL_HELD"
  | "SOLD_OUT"
  | "ENDED"
  | "CLOSED";

/** The counters of one sale. Null: the queue's store is away, or nothing has been measured yet. */
export interface SaleStats {
  readonly waiting: number | null;
  /** Waiting users who were skipped because they were absent when their turn came. */
  readonly skipped: number | null;
  readonly active: number | null;
  readonly admittedLastMinute: number | null;
  readonly admittedTotal: number;
  readonly seatsAvailable: number;
  readonly seatsHeld: number;
  readonly seatsSold: number;
  readonly seatsTotal: number;
  /** A whole number in the minor unit, as text: only the database adds sums over users. */
  readonly revenue: string;
  /** Percentiles of the time from joining to admission. */
  readonly waitSeconds: {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
  } | null;
  /** Places issued since the queue opened. */
  readonly joinedTotal: number;
  readonly abandoned: {
    readonly left: number;
    readonly lapsed: number;
    /** Of `joinedTotal`, 0 to 1; null when it is 0. */
    readonly share: number | null;
  };
}

/** The measurements from which a forecast starts; see ForecastInput. Null: not measured yet. */
export interface QueueThroughput {
  readonly waiting: number;
  readonly active: number;
  readonly seatsAvailable: number;
  readonly turnSeconds: number | null;
  readonly seatsPerTurn: number | null;
}

/** Reads the queue and the sale of a concert for the catalogue; `src/app/adapters` implements it. */
export interface SaleMonitor {
  /** Never throws: it falls back to the schedule. */
  getState(concertId: ConcertId): Promise<QueueState>;
  /** Throws Unavailable when the database is away. */
  getStats(concertId: ConcertId): Promise<SaleStats>;
  /** Throws Unavailable when the queue's store or the database is away. */
  getThroughput(concertId: ConcertId): Promise<QueueThroughput>;
}
