import type { ConcertId, TicketId } from "#kernel/ids.ts";
import { toPage, withOneMore, type Page, type PageQuery } from "#kernel/page.ts";
import { seatLabel, type SeatLabel } from "#kernel/seating-plan.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Scan } from "../domain/check-in.ts";
import type { Doors, ExpectedTicket, RecordedScan, RecordOutcome } from "../ports/doors.ts";
import { labelOf, planOf, type NamedTicket, type ReadTicketsDeps } from "./read-tickets.ts";

export interface CheckInDeps extends ReadTicketsDeps {
  readonly doors: Doors;
}

/** A scan as a scanner sends it. Exactly one of `code` and `ticketId`. */
export interface SentScan extends Omit<Scan, "ticketId" | "version"> {
  readonly code?: string | undefined;
  readonly ticketId?: TicketId | undefined;
}

export interface AnsweredScan extends RecordedScan {
  /** Null for an INVALID scan. */
  readonly ticket: NamedTicket | null;
}

export type CheckInOutcome =
  | Exclude<RecordOutcome, { readonly kind: "recorded" }>
  | { readonly kind: "recorded"; readonly scans: readonly AnsweredScan[] };

/**
 * Admits tickets at a door, in the order of the scans, all recorded or none. A scan that is sent again gets the
 * answer of the first time.
 *
 * Outcomes: as `Doors.record`. Throws Unavailable.
 */
export const checkIn =
  ({ codes, doors, tickets, plans }: CheckInDeps) =>
  async (sent: readonly SentScan[], actor: string): Promise<CheckInOutcome> => {
    const scans = sent.map(({ code, ticketId = null, ...rest }): Scan => {
      const stated = code === undefined ? null : codes.read(code);
      return { ...rest, ticketId: stated?.ticketId ?? ticketId, version: stated?.version ?? null };
    });
    const outcome = await doors.record(scans, actor);
    if (outcome.kind !== "recorded") return outcome;
    const found = await tickets.find(outcome.scans.flatMap(({ ticketId }) => ticketId ?? []));
    const named = new Map<TicketId, NamedTicket>();
    for (const ticket of found)
      named.set(ticket.ticketId, { ...ticket, label: await labelOf(plans, ticket) });
    return {
      kind: "recorded",
      scans: outcome.scans.map((scan) => ({
        ...scan,
        ticket: (scan.ticketId && named.get(scan.ticketId)) ?? null,
      })),
    };
  };

export interface NamedExpectedTicket extends ExpectedTicket {
  readonly label: SeatLabel;
}

export interface ExpectedPage extends Page<NamedExpectedTicket, TicketId> {
  readonly nowMs: InstantMs;
}

/** Lists the tickets of a show for a scanner, by id; null when there is no such show. Throws Unavailable. */
export const listExpected =
  ({ doors, plans }: CheckInDeps) =>
  async (
    show: { readonly concertId: ConcertId; readonly date: string },
    query: PageQuery<TicketId>,
  ): Promise<ExpectedPage | null> => {
    const found = await doors.expected(show, withOneMore(query));
    if (found === null) return null;
    const plan = await planOf(plans, show.concertId);
    const { items, next } = toPage(found.tickets, query.limit, ({ ticketId }) => ticketId);
    return {
      items: items.map((one) => ({ ...one, label: seatLabel(plan, one.seatNumber) })),
      next,
      nowMs: found.nowMs,
    };
  };
