/** The state of a queue, as `GET …/queue` shows it. */
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

/** The setting that bounds admission: admissionsPerMinute, maxActive, or shoppersPerSeat with the free seats. */
export type Limit = "RATE" | "CAP" | "STOCK";

/** How the waiting users are admitted under one policy. A forecast for operators. */
export interface PolicyForecast {
  readonly ends: "LINE_EMPTY" | "SOLD_OUT" | "NEVER";
  /** Whole seconds; null when `ends` is NEVER. */
  readonly endsAfterSeconds: number | null;
  /** The p50 that the last waiting user is told; null when that user is likely to get no turn. */
  readonly lastWaitSeconds: number | null;
  /** The p90 of the same. */
  readonly lastWaitP90Seconds: number | null;
  /** The number of waiting users who are admitted. */
  readonly turns: number;
  /** Average until the end. */
  readonly admissionsPerMinute: number;
  /** The limit that applied for most of the time; null for an empty queue. */
  readonly limitedBy: Limit | null;
}

/** A queue with a forecast under each of some policies, all from one snapshot. */
export interface QueueForecasts {
  readonly waiting: number;
  readonly active: number;
  readonly seatsAvailable: number;
  /** Measured under the first policy; null before a turn has ended, when the forecasts go by a guess. */
  readonly turnSeconds: number | null;
  readonly seatsPerTurn: number | null;
  /** In the order of the policies. */
  readonly forecasts: readonly PolicyForecast[];
}
