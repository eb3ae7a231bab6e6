import { listTickets, type HeldTicket } from "../../../sdk/generated/index.ts";
import type { Account } from "../account.ts";
import { pagedList } from "../lists/paged-list.ts";
import { partOf } from "../part-of.ts";
import { callAs } from "../session/call.ts";

/** More than one payment buys, so that the first page has all tickets of the last one. */
const limit = "50";

const createTickets = (account: Account) => {
  const { userId } = account;
  return pagedList(
    (query, options) => callAs(account, listTickets, { userId, limit, ...query }, options),
    ({ ticketId }: HeldTicket) => ticketId,
  );
};

/** The tickets that an account holds, newest first. */
export const ticketsOf = (account: Account): ReturnType<typeof createTickets> =>
  partOf(account, createTickets);
