import type { ConcertId, TicketId, UserId } from "#kernel/ids.ts";
import { toPage, withOneMore, type Page, type PageQuery } from "#kernel/page.ts";
import { seatLabel, type SeatingPlan, type SeatLabel } from "#kernel/seating-plan.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { Ticket } from "../domain/ticket.ts";
import type { SeatingPlans } from "../ports/seating-plans.ts";
import type { TicketCodes } from "../ports/ticket-codes.ts";
import type { ReadTicket, Tickets } from "../ports/tickets.ts";

/** A ticket with the name of its seat. */
export interface NamedTicket extends Ticket {
  readonly label: SeatLabel;
}

/** A ticket as a user reads it who holds it or has passed it on. */
export interface OwnTicket extends ReadTicket, NamedTicket {
  /** Null unless it is VALID. */
  readonly code: string | null;
}

export interface ReadTicketsDeps {
  readonly tickets: Tickets;
  readonly plans: SeatingPlans;
  readonly codes: TicketCodes;
}

/** The plan of a concert that exists. Throws Unavailable, also when it is not known. */
export const planOf = async (plans: SeatingPlans, concertId: ConcertId): Promise<SeatingPlan> => {
  const plan = await plans.find(concertId);
  if (plan === null) throw new Unavailable("the seating plan of the concert is not known");
  return plan;
};

/** The name of a ticket's seat. Throws Unavailable. */
export const labelOf = async (
  plans: SeatingPlans,
  { concertId, seatNumber }: Pick<Ticket, "concertId" | "seatNumber">,
): Promise<SeatLabel> => seatLabel(await planOf(plans, concertId), seatNumber);

const ownTicket = async (
  { plans, codes }: ReadTicketsDeps,
  ticket: ReadTicket,
): Promise<OwnTicket> => ({
  ...ticket,
  label: await labelOf(plans, ticket),
  code: ticket.status === "VALID" ? codes.sign(ticket) : null,
});

/** Reads a ticket; null when there is none, or when the user has never held it. Throws Unavailable. */
export const readTicket =
  (deps: ReadTicketsDeps) =>
  async (userId: UserId, ticketId: TicketId): Promise<OwnTicket | null> => {
    const ticket = await deps.tickets.findOf(userId, ticketId);
    return ticket === null ? null : ownTicket(deps, ticket);
  };

/** Lists the tickets that a user holds or has passed on, newest first. Throws Unavailable. */
export const listTickets =
  (deps: ReadTicketsDeps) =>
  async (userId: UserId, query: PageQuery<TicketId>): Promise<Page<OwnTicket, TicketId>> => {
    const found = await deps.tickets.ofUser(userId, withOneMore(query));
    const { items, next } = toPage(found, query.limit, ({ ticketId }) => ticketId);
    return { items: await Promise.all(items.map((ticket) => ownTicket(deps, ticket))), next };
  };
