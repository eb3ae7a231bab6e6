import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Money } from "#kernel/money.ts";
import type { Policy } from "./policy.ts";

/** A date on which the concert is played. */
export interface ShowDate {
  /** YYYY-MM-DD in the concert's time zone. */
  readonly date: string;
  readonly startsAtMs: InstantMs;
}

/** What a concert is. None of it changes after its creation. */
export interface ConcertFacts {
  readonly concertId: ConcertId;
  readonly title: string;
  readonly venue: string | null;
  /** IANA name. */
  readonly timeZone: string;
  readonly currency: string;
  /** In the order of the calendar; at least one. */
  readonly dates: readonly ShowDate[];
  readonly priceRange: { readonly min: Money; readonly max: Money };
}

/** How it is sold. The operator changes it while the sale runs. */
export interface SaleSettings {
  /** Rises by one with each change. */
  readonly version: number;
  readonly policy: Policy;
  readonly pausedAtMs: InstantMs | null;
  /** The end of the last pause, null while paused. */
  readonly resumedAtMs: InstantMs | null;
  /** From that moment the rate grows from zero to its setting over this time; null: at once. */
  readonly rampSeconds: number | null;
  readonly closedAtMs: InstantMs | null;
  /** 32 bytes in hex once the concert has been a lottery, else null. Never leaves the server before the draw. */
  readonly drawSeed: string | null;
}

export interface Concert extends ConcertFacts, SaleSettings {}

/** The settings of a concert that has just been made. */
export const initialSettings = (policy: Policy, drawSeed: string | null): SaleSettings => ({
  version: 1,
  policy,
  pausedAtMs: null,
  resumedAtMs: null,
  rampSeconds: null,
  closedAtMs: null,
  drawSeed,
});

const hourMs = 3_600_000;

/** A queue is looked after from this long before it opens: more than instances' clocks differ. */
export const openingSoonMs = 60_000;

/**
 * …until this long after it was closed, or its last show has begun, and the last slot or hold is over: a
 * server that was off meanwhile still ends what is left, and lets the store forget the queue. To look
 * after a queue that is over costs eleven steps of its store a second.
 */
export const closingLateMs = 7 * 24 * hourMs;

/** Whether the concert's queue may have something to do: people to admit, slots or holds to end. */
export const isRunning = (concert: Concert, nowMs: InstantMs): boolean => {
  const { policy, closedAtMs, dates } = concert;
  const lastStartMs = Math.max(...dates.map(({ startsAtMs }) => startsAtMs));
  const overMs = Math.min(closedAtMs ?? lastStartMs, lastStartMs);
  const lingerMs = Math.max(policy.sessionSeconds, policy.holdSeconds) * 1000 + closingLateMs;
  return policy.opensAtMs - openingSoonMs <= nowMs && nowMs < overMs + lingerMs;
};
