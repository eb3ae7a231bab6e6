import { toRfc3339 } from "#kernel/instant.ts";
import type { NewConcert } from "./new-concert.ts";
import type { ShowDate } from "./concert.ts";
import type { PolicyInput } from "./policy.ts";
import type { ControlState } from "./queue-control.ts";

/** A record in the format of the HTTP API: instants as RFC 3339, members named as there. */
export type Published = Readonly<Record<string, unknown>>;

const instant = (atMs: number | null): string | null => (atMs === null ? null : toRfc3339(atMs));

/** A policy, or a part of it. */
export const publishedPolicy = ({ mode, opensAtMs, admitsAtMs, ...numbers }: PolicyInput) => ({
  ...(mode === undefined ? {} : { mode }),
  ...(opensAtMs === undefined ? {} : { opensAt: toRfc3339(opensAtMs) }),
  ...(admitsAtMs === undefined ? {} : { admitsAt: instant(admitsAtMs) }),
  ...numbers,
});

export const publishedControlState = (state: ControlState) => ({
  pausedAt: instant(state.pausedAtMs),
  resumedAt: instant(state.resumedAtMs),
  rampSeconds: state.rampSeconds,
  closedAt: instant(state.closedAtMs),
  cancelledAt: instant(state.cancelledAtMs),
});

export const publishedDates = (dates: readonly ShowDate[]) =>
  dates.map(({ date, startsAtMs }) => ({ date, startsAt: toRfc3339(startsAtMs) }));

/** A new concert for the audit trail: the values of the operator, and those that the server added. */
export const publishedConcert = ({ concert, grades, plan }: NewConcert): Published => ({
  title: concert.title,
  venue: concert.venue,
  timeZone: concert.timeZone,
  currency: concert.currency,
  dates: publishedDates(concert.dates),
  grades,
  seatsTotal: plan.seatsTotal,
  description: concert.description,
  posterUrl: concert.posterUrl,
  ageRating: concert.ageRating,
  publishedAt: toRfc3339(concert.publishedAtMs),
  policy: publishedPolicy(concert.policy),
});
