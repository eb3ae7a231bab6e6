import type { ConcertId } from "#kernel/ids.ts";

/** Where a sale stands, as GET …/queue tells it. */
export type QueueState =
  | "SCHEDULED"
  | "LOBBY"
  | "OPEN"
  | "PAUSED"
  | "RECOVERING"
  | "ALL_HELD"
  | "SOLD_OUT"
  | "CLOSED";

/** What the catalogue shows of the queue and the sale; `app` bridges it. */
export interface LiveQueues {
  /** The queue's state for a concert; never throws (falls back to the schedule). */
  state(concertId: ConcertId): Promise<QueueState>;
}

/** How a sale goes at this moment. Null: the queue's store is away, or nobody has been measured yet. */
export interface LiveFigures {
  readonly waiting: number | null;
  /** People who were missed when their turn came, and keep their places. */
  readonly aside: number | null;
  readonly active: number | null;
  /** The setting. */
  readonly admissionsPerMinute: number;
  readonly admittedLastMinute: number | null;
  readonly admittedTotal: number;
  readonly seatsAvailable: number;
  readonly seatsHeld: number;
  readonly seatsSold: number;
  readonly seatsTotal: number;
  /** A whole number in the minor unit, as text: a sum over users is formed by the database only. */
  readonly revenue: string;
  readonly waitSeconds: {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
  } | null;
  /** Everybody who ever got a place. */
  readonly joinedTotal: number;
  readonly abandoned: {
    readonly left: number;
    readonly lapsed: number;
    /** Of all who joined, 0 to 1; null when nobody has. */
    readonly share: number | null;
  };
}

/** The figures of one concert. Throws Unavailable when the database is away. */
export type ReadFigures = (concertId: ConcertId) => Promise<LiveFigures>;

/** What decides how a queue goes on; see Present. Null: not measured yet. */
export interface LivePace {
  readonly waiting: number;
  readonly active: number;
  readonly seatsAvailable: number;
  readonly turnSeconds: number | null;
  readonly seatsPerTurn: number | null;
}

/** The pace of one concert's queue. Throws Unavailable when the queue's store or the database is away. */
export type ReadPace = (concertId: ConcertId) => Promise<LivePace>;
