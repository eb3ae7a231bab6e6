import { BoundedMap } from "#kernel/bounded-map.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertId } from "#kernel/ids.ts";
import type { Stock } from "#kernel/stock.ts";
import { rampAt } from "../domain/admission.ts";
import { forecastAdmission, reachOf, type AdmissionForecast } from "../domain/forecast.ts";
import type { QueuePolicy } from "../domain/policy.ts";
import type { QueueCounters } from "../ports/queue-store.ts";
import type { QueueSchedule } from "../ports/sales.ts";

/** A queue and its sale at one moment of the store's clock. */
export interface ForecastMoment<Schedule = QueueSchedule> {
  readonly schedule: Schedule;
  readonly stock: Pick<Stock, "available" | "sold">;
  readonly counters: QueueCounters;
  readonly atMs: InstantMs;
}

type ForecastSchedule = Pick<QueueSchedule, "policy" | "resumedAtMs" | "rampSeconds">;

/** The settings by which users are admitted: one a free seat, for the time to claim, from a waiting list. */
const admittingPolicy = (policy: QueuePolicy, counters: QueueCounters): QueuePolicy => {
  if (policy.waitingList !== true || !counters.waitingList) return policy;
  const sessionSeconds = Math.min(policy.sessionSeconds, policy.claimSeconds);
  return { ...policy, shoppersPerSeat: 1, sessionSeconds };
};

/** Forecasts the admissions of a queue. */
export const forecastAt = ({
  schedule,
  stock,
  counters,
  atMs,
}: ForecastMoment<ForecastSchedule>): AdmissionForecast =>
  forecastAdmission({
    ...counters,
    policy: admittingPolicy(schedule.policy, counters),
    ramp: rampAt(schedule, atMs),
    admittingSeconds: Math.max(0, atMs - (counters.firstAdmittedAtMs ?? atMs)) / 1_000,
    seatsAvailable: stock.available,
    sold: stock.sold,
  });

/** Returns the forecast of a queue at a moment; the forecast may be a little older. */
export type RecentForecasts = (moment: ForecastMoment) => AdmissionForecast;

const ageMaxMs = 500;
const queuesMax = 1_000;

/**
 * Forecasts each queue at most twice a second, so that a forecast costs a poll nothing. A forecast is made anew
 * - when it is older than 500 ms
 * - when the policy or the number of free seats has changed, so that it never contradicts the state of the queue
 * - when the queue has grown beyond it
 */
export const recentForecasts = (): RecentForecasts => {
  interface Made {
    readonly atMs: InstantMs;
    readonly policy: QueuePolicy;
    readonly forecast: AdmissionForecast;
  }
  const recent = new BoundedMap<ConcertId, Made>(queuesMax);

  const isGood = ({ atMs, policy, forecast }: Made, now: ForecastMoment): boolean =>
    Math.abs(now.atMs - atMs) < ageMaxMs &&
    policy === now.schedule.policy &&
    forecast.seatsAvailable === now.stock.available &&
    now.counters.waiting <= reachOf(forecast.waiting);

  return (moment) => {
    const { schedule, atMs } = moment;
    const { concertId, policy } = schedule;
    const known = recent.get(concertId);
    if (known !== undefined && isGood(known, moment)) return known.forecast;
    const forecast = forecastAt(moment);
    recent.set(concertId, { atMs, policy, forecast });
    return forecast;
  };
};
