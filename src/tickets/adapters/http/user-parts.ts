import { listPart, type UserPart } from "#platform/http/user-parts.ts";
import type { TicketUseCases } from "./ticket-routes.ts";
import { TicketAnswer, ticketView } from "./ticket-shapes.ts";

/** The tickets that a user holds or has passed on, as operators read them: without the codes that open doors. */
export const ticketsOfUser = ({ listTickets }: Pick<TicketUseCases, "listTickets">): UserPart =>
  listPart({
    name: "tickets",
    description: "The tickets that the user holds or has passed on",
    item: TicketAnswer,
    async newest(userId, limit) {
      const { items } = await listTickets(userId, { limit, after: null });
      return items.map(({ code: _code, transfer: _transfer, ...ticket }) => ticketView(ticket));
    },
  });
