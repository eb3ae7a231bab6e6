import type { TicketId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Money } from "#kernel/money.ts";
import type { RefundPolicy } from "#kernel/refund-policy.ts";
import { timeZoneOf } from "#kernel/time-zone.ts";
import { ticketRefusal, type SoldTicket, type TicketRefusal } from "./refund.ts";

/** The rules of one show for refunds that buyers ask for. */
export interface RefundTerms {
  readonly policy: RefundPolicy | null;
  /** YYYY-MM-DD in the time zone. */
  readonly date: string;
  readonly startsAtMs: InstantMs;
  /** IANA name. */
  readonly timeZone: string;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** The days of the calendar from today to the show, by the time zone of the concert. 0 on the day of the show. */
export const daysLeft = ({ date, timeZone }: RefundTerms, nowMs: InstantMs): number => {
  const zone = timeZoneOf(timeZone);
  if (zone === null) throw new Error(`the time zone ${timeZone} is unknown`);
  return (Date.parse(date) - Date.parse(zone.dateAt(nowMs))) / dayMs;
};

/** The part of the price that is kept, in percent: that of the smallest `daysBefore` that is at least `days`. */
export const feePercent = ({ fees }: RefundPolicy, days: number): number => {
  const [entry] = fees
    .filter(({ daysBefore }) => daysBefore >= days)
    .sort((a, b) => a.daysBefore - b.daysBefore);
  return entry?.percent ?? 0;
};

/** The fee of one ticket, rounded down. */
export const feeOf = (price: Money, percent: number): Money => Math.floor((price * percent) / 100);

/** The money that a buyer would get back at one moment. */
export interface RefundOffer {
  /** The reason why no ticket can be refunded; null: see the tickets. */
  readonly refusal: "policy" | "time" | null;
  /** The first moment without refunds; null where the policy has none. */
  readonly untilMs: InstantMs | null;
  readonly tickets: readonly {
    readonly ticketId: TicketId;
    /** The price that was paid. */
    readonly amount: Money;
    readonly fee: Money;
    readonly refusal: TicketRefusal | null;
  }[];
}

/** The offer for the buyer of the tickets at this moment. */
export const offerRefund = (
  terms: RefundTerms,
  tickets: readonly SoldTicket[],
  nowMs: InstantMs,
): RefundOffer => {
  const { policy, startsAtMs } = terms;
  const untilMs = policy && startsAtMs - policy.until * hourMs;
  const percent = policy === null ? 0 : feePercent(policy, daysLeft(terms, nowMs));
  const late = untilMs !== null && nowMs >= untilMs ? "time" : null;
  return {
    refusal: untilMs === null ? "policy" : late,
    untilMs,
    tickets: tickets.map((ticket) => ({
      ticketId: ticket.ticketId,
      amount: ticket.price,
      fee: feeOf(ticket.price, percent),
      refusal: ticketRefusal(ticket),
    })),
  };
};
