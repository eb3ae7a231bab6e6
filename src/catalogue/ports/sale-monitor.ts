import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { QueueForecasts, QueueState } from "#kernel/queue-forecasts.ts";
import type { Concert } from "../domain/concert.ts";
import type { Policy } from "../domain/policy.ts";

/** The counters of one sale. Null: the queue's store is away, or nothing has been measured yet. */
export interface SaleStats {
  readonly waiting: number | null;
  /** Of them, those on a waiting list; null also before it begins. */
  readonly waitlisted: number | null;
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
  /** The refunds of a cancelled concert; null for any other. */
  readonly cancellation: {
    readonly tickets: number;
    readonly ticketsRefunded: number;
    readonly amountRefunded: string;
    readonly refundedAtMs: InstantMs | null;
  } | null;
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

/** Reads the queue and the sale of a concert for the catalogue; `src/app/adapters` implements it. */
export interface SaleMonitor {
  /** Never throws: it falls back to the schedule. */
  getState(concertId: ConcertId): Promise<QueueState>;
  /** Throws Unavailable when the database is away. */
  getStats(concertId: ConcertId): Promise<SaleStats>;
  /**
   * Forecasts the queue under policies that may not be in force, as its users are told their waits. Throws
   * Unavailable when the queue's store or the database is away.
   */
  forecast(
    concert: Pick<Concert, "concertId" | "resumedAtMs" | "rampSeconds">,
    policies: readonly [Policy, ...Policy[]],
  ): Promise<QueueForecasts>;
}
