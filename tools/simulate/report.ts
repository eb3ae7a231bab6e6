import type { Crowd, Ending, Fan, Kind } from "./crowd.ts";
import type { Options } from "./options.ts";
import type { Moment } from "./moments.ts";
import { longestPause, type Pause } from "./pauses.ts";
import { countTickets, type TicketCounts } from "./ticket-checks.ts";
import type { Verdict } from "./verify.ts";

export interface Report {
  readonly startedAt: string;
  readonly url: string;
  readonly concertId: string;
  readonly fans: number;
  readonly tookSeconds: number;
  readonly requests: number;
  readonly kinds: Readonly<Partial<Record<Kind, number>>>;
  readonly endings: Readonly<Partial<Record<Ending, number>>>;
  /** Of the admitted fans, in seconds. */
  readonly waits: Readonly<Record<"p50" | "p90" | "p99" | "max", number>> | null;
  /** Tickets in the answers to payments, without those that were refunded. */
  readonly seatsBought: number;
  /** Positions that a fan saw rise; must be 0. */
  readonly positionsThatRose: number;
  readonly refusals: Readonly<Record<string, number>>;
  /** The holds and seats that the hoarders got; null without a hoarder. */
  readonly hoarding: {
    readonly holds: number;
    /** Attempts that were answered HOLD_LIMIT. */
    readonly refusedHolds: number;
    /** Of the time from a hoarder's first hold to the end, the share with seats on hold, 0 to 1. */
    readonly heldShare: number;
  } | null;
  /** Tickets after their sale: refunded, passed on, admitted. */
  readonly tickets: TicketCounts;
  /** The longest time in which fans waited and none was admitted. */
  readonly longestPause: Pause | null;
  readonly database: Verdict;
  readonly allHold: boolean;
  readonly series: readonly Moment[];
}

const countBy = <K extends string>(fans: readonly Fan[], keyOf: (fan: Fan) => K) =>
  Object.fromEntries(
    [...Map.groupBy(fans, keyOf)].map(([key, found]) => [key, found.length]),
  ) as Partial<Record<K, number>>;

const secondsWaited = ({ joinedAtMs, admittedAtMs }: Fan): number =>
  Math.round(admittedAtMs - joinedAtMs) / 1_000;

/** Returns the waits of the admitted fans in seconds, ascending. */
export const waitsOf = (fans: readonly Fan[]): number[] =>
  fans
    .filter(({ admittedAtMs }) => admittedAtMs > 0)
    .map(secondsWaited)
    .sort((a, b) => a - b);

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

const hoardingOf = (fans: readonly Fan[], endedMs: number): Report["hoarding"] => {
  const hoarders = fans.filter(({ kind }) => kind === "hoarder").map(({ hoarding }) => hoarding);
  if (hoarders.length === 0) return null;
  const sum = (of: (one: Fan["hoarding"]) => number): number =>
    hoarders.reduce((all, one) => all + of(one), 0);
  const spanMs = sum(({ sinceMs }) => (sinceMs === 0 ? 0 : endedMs - sinceMs));
  const share = spanMs === 0 ? 0 : sum(({ heldMs }) => heldMs) / spanMs;
  return {
    holds: sum(({ holds }) => holds),
    refusedHolds: sum(({ refused }) => refused),
    heldShare: Math.round(share * 1_000) / 1_000,
  };
};

export const makeReport = (
  crowd: Crowd,
  options: Options,
  database: Verdict,
  run: { readonly startedAt: Date; readonly series: readonly Moment[]; readonly endedMs: number },
): Report => {
  const waits = waitsOf(crowd.fans);
  const rose = crowd.fans.reduce((sum, { rises }) => sum + rises, 0);
  const isFair = rose === 0 && database.outOfOrder === 0;
  const isWhole = database.faults.length === 0 && database.ticketsMissing === 0;
  return {
    startedAt: run.startedAt.toISOString(),
    url: options.url,
    concertId: crowd.concertId,
    fans: crowd.fans.length,
    tookSeconds: Math.round((Date.now() - run.startedAt.getTime()) / 100) / 10,
    requests: crowd.requests,
    kinds: countBy(crowd.fans, ({ kind }) => kind),
    endings: countBy(crowd.fans, ({ ending }) => ending),
    waits:
      waits.length === 0
        ? null
        : {
            p50: percentile(waits, 0.5),
            p90: percentile(waits, 0.9),
            p99: percentile(waits, 0.99),
            max: waits.at(-1) ?? 0,
          },
    seatsBought: crowd.fans.reduce((sum, { tickets }) => sum + tickets.length, 0),
    positionsThatRose: rose,
    hoarding: hoardingOf(crowd.fans, run.endedMs),
    refusals: Object.fromEntries([...crowd.refusals].sort(([, a], [, b]) => b - a)),
    tickets: countTickets(crowd.life),
    longestPause: longestPause(run.series),
    database,
    allHold: isFair && isWhole && database.isChecked,
    series: run.series,
  };
};
