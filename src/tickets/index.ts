import type { MintId } from "#kernel/ids.ts";
import type { Route } from "#platform/http/route.ts";
import { mintLinkCode } from "#platform/link-codes.ts";
import type { UserPart } from "#platform/http/user-parts.ts";
import type { Database } from "#platform/postgres/database.ts";
import { ed25519Codes, type TicketKey } from "./adapters/crypto/ed25519-codes.ts";
import { checkInRoutes } from "./adapters/http/check-in-routes.ts";
import { ticketRoutes } from "./adapters/http/ticket-routes.ts";
import { transferRoutes } from "./adapters/http/transfer-routes.ts";
import { ticketsOfUser } from "./adapters/http/user-parts.ts";
import { pgDoors } from "./adapters/postgres/pg-doors.ts";
import { pgTickets } from "./adapters/postgres/pg-tickets.ts";
import { pgTransfers } from "./adapters/postgres/pg-transfers.ts";
import type { SeatingPlans } from "./ports/seating-plans.ts";
import { checkIn, listExpected } from "./use-cases/check-in.ts";
import { listTickets, readTicket } from "./use-cases/read-tickets.ts";
import {
  cancelTransfer,
  claimTicket,
  offerTicket,
  readTicketHistory,
} from "./use-cases/transfer-tickets.ts";

export type { TicketKey } from "./adapters/crypto/ed25519-codes.ts";

export interface TicketsDeps {
  readonly database: Database;
  readonly plans: SeatingPlans;
  readonly mintId: MintId;
  /** At least one; the first signs. */
  readonly ticketKeys: readonly TicketKey[];
}

export interface TicketsFeature {
  readonly routes: readonly Route[];
  /** The parts of the record that operators read about a user. */
  readonly userParts: readonly UserPart[];
}

/** The life of a ticket after its sale: its holder, its code, its way to other users and its use at the door. */
export const ticketsFeature = (deps: TicketsDeps): TicketsFeature => {
  const codes = ed25519Codes(deps.ticketKeys);
  const all = {
    ...deps,
    codes,
    tickets: pgTickets(deps.database),
    doors: pgDoors(deps.database),
    transfers: pgTransfers(deps.database),
    mintClaim: mintLinkCode,
  };
  const list = listTickets(all);
  return {
    userParts: [ticketsOfUser({ listTickets: list })],
    routes: [
      ...ticketRoutes({ readTicket: readTicket(all), listTickets: list }, codes.publicKeys),
      ...transferRoutes({
        offerTicket: offerTicket(all),
        claimTicket: claimTicket(all),
        cancelTransfer: cancelTransfer(all),
        readTicketHistory: readTicketHistory(all),
      }),
      ...checkInRoutes({ checkIn: checkIn(all), listExpected: listExpected(all) }),
    ],
  };
};
