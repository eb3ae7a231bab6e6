import { toRfc3339, type InstantMs } from "#kernel/instant.ts";
import { stateAtCreation, type Concert } from "../../domain/concert.ts";
import type { Policy } from "../../domain/policy.ts";
import { publishedDates, publishedControlState } from "../../domain/published.ts";
import type { AuditEntry } from "../../ports/audit-trail.ts";
import type { QueueState } from "#kernel/queue-forecasts.ts";
import type { SaleStats } from "../../ports/sale-monitor.ts";

/** *concert* of the contract. */
export const concertView = (concert: Concert, state: QueueState) => ({
  concertId: concert.concertId,
  title: concert.title,
  venue: concert.venue,
  timeZone: concert.timeZone,
  dates: publishedDates(concert.dates),
  priceRange: concert.priceRange,
  currency: concert.currency,
  grades: concert.grades,
  maxSeatsPerUser: concert.policy.maxSeatsPerUser,
  maxSeatsPerReservation: concert.policy.maxSeatsPerReservation,
  refunds: concert.policy.refunds,
  description: concert.description,
  posterUrl: concert.posterUrl,
  ageRating: concert.ageRating,
  publishedAt: toRfc3339(concert.publishedAtMs),
  cancelledAt: concert.cancelledAtMs === null ? null : toRfc3339(concert.cancelledAtMs),
  queue: {
    mode: concert.policy.mode,
    state,
    opensAt: toRfc3339(concert.policy.opensAtMs),
    admitsAt: concert.policy.admitsAtMs === null ? null : toRfc3339(concert.policy.admitsAtMs),
  },
});

const policyView = ({ opensAtMs, admitsAtMs, ...settings }: Policy) => ({
  ...settings,
  opensAt: toRfc3339(opensAtMs),
  admitsAt: admitsAtMs === null ? null : toRfc3339(admitsAtMs),
});

/** *concert* of the contract with its policy, for operators. Never contains the seed of a draw. */
export const concertOnSaleView = (concert: Concert, state: QueueState) => ({
  ...concertView(concert, state),
  policy: policyView(concert.policy),
  version: concert.version,
  ...publishedControlState(concert),
});

/** The answer to the request that creates the concert. */
export const createdView = (concert: Concert, nowMs: InstantMs) =>
  concertOnSaleView(concert, stateAtCreation(concert, nowMs));

export const statsView = (
  concert: Concert,
  state: QueueState,
  { skipped, waitlisted, cancellation, ...stats }: SaleStats,
  nowMs: InstantMs,
) => ({
  concertId: concert.concertId,
  state,
  ...stats,
  admissionsPerMinute: concert.policy.admissionsPerMinute,
  aside: skipped,
  waitlisted: concert.policy.waitingList ? waitlisted : null,
  revenue: Number(stats.revenue),
  cancellation: cancellation && {
    tickets: cancellation.tickets,
    ticketsRefunded: cancellation.ticketsRefunded,
    amountRefunded: Number(cancellation.amountRefunded),
    refundedAt: cancellation.refundedAtMs === null ? null : toRfc3339(cancellation.refundedAtMs),
  },
  currency: concert.currency,
  serverTime: toRfc3339(nowMs),
});

export const auditView = ({ entryNo: _, atMs, ...entry }: AuditEntry) => ({
  at: toRfc3339(atMs),
  ...entry,
});
