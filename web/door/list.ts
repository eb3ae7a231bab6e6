import type { Client } from "../../sdk/client.ts";
import { listCheckIns } from "../../sdk/generated/operator.ts";
import { listTicketKeys } from "../../sdk/generated/tickets.ts";
import type { DoorList } from "./records.ts";
import type { ListedTicket } from "./rules.ts";

/** Calls an operation with the operator key. */
export type Call = Client["call"];

/** 30 s, and longer for a large hall, so that its scanners do not read the list all the time: 250 s for 25,000. */
export const refreshAfterMs = (tickets: number): number => Math.max(30_000, tickets * 10);

/**
 * Reads the list of a show, page by page, and the keys of ticket codes. Null when an answer fails: a list is whole
 * or it is none. `onPage` gets the number of tickets so far.
 */
export const readList = async (
  call: Call,
  { concertId, date }: Pick<DoorList, "concertId" | "date">,
  onPage: (tickets: number) => void = () => undefined,
): Promise<DoorList | null> => {
  const keys = await call(listTicketKeys, {});
  if (!keys.ok) return null;
  const tickets: ListedTicket[] = [];
  let listedAt: string | null = null;
  let cursor: string | null = null;
  do {
    const query: { cursor?: string } = cursor === null ? {} : { cursor };
    const page = await call(listCheckIns, { concertId, date, ...query });
    if (!page.ok) return null;
    tickets.push(...page.value.items);
    // A ticket that is sold while the pages are read may be missing: the first page tells the time of the list.
    listedAt ??= page.value.serverTime;
    cursor = page.value.nextCursor;
    onPage(tickets.length);
  } while (cursor !== null);
  return { concertId, date, tickets, keys: keys.value.keys, listedAt };
};
