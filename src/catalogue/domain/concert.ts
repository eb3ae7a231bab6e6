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

/** The part of a concert that after its creation only a correction, another date and a moved start change. */
export interface ConcertFacts {
  readonly concertId: ConcertId;
  readonly title: string;
  readonly venue: string | null;
  /** IANA name. */
  readonly timeZone: string;
  readonly currency: string;
  /** Sorted by date; at least one. */
  readonly dates: readonly ShowDate[];
  readonly priceRange: { readonly min: Money; readonly max: Money };
  /** In the order of their seats. */
  readonly grades: readonly { readonly name: string; readonly price: Money }[];
  readonly description: string | null;
  readonly posterUrl: string | null;
  readonly ageRating: string | null;
  readonly publishedAtMs: InstantMs;
  /** Whether the concert was created before its publication: until then only operators can read it. */
  readonly isDraft: boolean;
}

/** The settings of a sale. The operator changes them while the sale runs. */
export interface SaleSettings {
  /** Rises by one with each change. */
  readonly version: number;
  readonly policy: Policy;
  readonly pausedAtMs: InstantMs | null;
  /** The end of the last pause, null while paused. */
  readonly resumedAtMs: InstantMs | null;
  /** After `resumedAtMs` the rate grows from 0 to its setting over this time; null: at once. */
  readonly rampSeconds: number | null;
  readonly closedAtMs: InstantMs | null;
  /** The concert does not take place: its tickets are refunded. The queue is closed then too. */
  readonly cancelledAtMs: InstantMs | null;
  /** 32 bytes in hex once the concert has been a lottery, else null. No answer contains it before the draw. */
  readonly drawSeed: string | null;
}

export interface Concert extends ConcertFacts, SaleSettings {}

/** The settings of a new concert. */
export const initialSettings = (policy: Policy, drawSeed: string | null): SaleSettings => ({
  version: 1,
  policy,
  pausedAtMs: null,
  resumedAtMs: null,
  rampSeconds: null,
  closedAtMs: null,
  cancelledAtMs: null,
  drawSeed,
});

/** By `isDraft`, a concert that was published at once is visible whatever the clock of an instance says. */
export const isPublished = ({ isDraft, publishedAtMs }: Concert, nowMs: InstantMs): boolean =>
  !isDraft || publishedAtMs <= nowMs;

/** The state of the queue of a concert that is created at this moment; later only the queue knows it. */
export const stateAtCreation = ({ policy }: Concert, nowMs: InstantMs) => {
  if (nowMs < policy.opensAtMs) return "SCHEDULED";
  return policy.mode === "lottery" ? "LOBBY" : "OPEN";
};

const hourMs = 3_600_000;

/** A concert runs from this long before its queue opens: more than the clocks of instances differ. */
export const openingSoonMs = 60_000;

/**
 * A concert runs for this long after its last slot or hold can end. An instance that was off meanwhile
 * then still ends the places and lets the store delete the queue. A running queue without users costs
 * its store eleven calls a second.
 */
export const closingLateMs = 7 * 24 * hourMs;

/** Whether the queue of the concert may have work to do: users to admit, slots or holds to end. */
export const isRunning = (concert: Concert, nowMs: InstantMs): boolean => {
  const { policy, closedAtMs, dates } = concert;
  const lastStartMs = Math.max(...dates.map(({ startsAtMs }) => startsAtMs));
  const overMs = Math.min(closedAtMs ?? lastStartMs, lastStartMs);
  const runOnMs = Math.max(policy.sessionSeconds, policy.holdSeconds) * 1000 + closingLateMs;
  return policy.opensAtMs - openingSoonMs <= nowMs && nowMs < overMs + runOnMs;
};
