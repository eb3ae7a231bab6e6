import type { CheckIn, CheckInList } from "../../sdk/generated/schemas.ts";
import type { TicketCode } from "../../sdk/ticket-code.ts";

// The rule of the HTTP contract by which a scanner without a network decides.

export type Result = CheckIn["result"];
export type ListedTicket = CheckInList["items"][number];

/** The first admission of a ticket or of its seat, as far as this scanner knows. */
export interface Admission {
  readonly usedAt: string;
  readonly gate: string | null;
}

export interface Evidence {
  /** Null: none of the keys has signed the code. A ticket that is named by its id has no version. */
  readonly stated: (Omit<TicketCode, "version"> & { readonly version: number | null }) | null;
  /** The date of the show at whose door the scanner is. */
  readonly date: string;
  /** The ticket in the list; null when it is not there. */
  readonly listed: ListedTicket | null;
  /** When the server made the list. */
  readonly listedAtMs: number;
  /** The admission of the ticket or of its seat at this scanner; null without one. */
  readonly admitted: Admission | null;
}

export interface Judgement {
  readonly result: Result;
  readonly admission: Admission | null;
}

/** A ticket may be committed after the list was read and have an id from before. The server's limit is 10 s. */
const lateMs = 60_000;

/** The time in a ticket's id, a UUID of version 7. */
const soldAtMs = (ticketId: string): number =>
  Number.parseInt(ticketId.replaceAll("-", "").slice(0, 12), 16);

const isVoid = (listed: ListedTicket | null, version: number | null): boolean =>
  listed !== null && (listed.status === "VOID" || (version !== null && version < listed.version));

const refused = (result: Result): Judgement => ({ result, admission: null });

/**
 * Judges a ticket by the list, in the order of the server:
 * - INVALID       no known key has signed the code
 * - WRONG_DATE    the ticket is for another date; or it was sold before the list was made and is not in it, so
 *                 that it is for another concert
 * - VOID          it was refunded, or the code is older than the last change of hands
 * - ALREADY_USED  the ticket or its seat was admitted, here or by the list
 * - ADMITTED
 */
export const judgeByList = (evidence: Evidence): Judgement => {
  const { stated, date, listed, listedAtMs, admitted } = evidence;
  if (stated === null) return refused("INVALID");
  if (stated.date !== date) return refused("WRONG_DATE");
  if (listed === null && soldAtMs(stated.ticketId) < listedAtMs - lateMs)
    return refused("WRONG_DATE");
  if (isVoid(listed, stated.version)) return refused("VOID");
  const earlier = admitted ?? admissionIn(listed);
  if (earlier !== null) return { result: "ALREADY_USED", admission: earlier };
  return { result: "ADMITTED", admission: null };
};

/** The admission that the list states. */
export const admissionIn = (listed: ListedTicket | null): Admission | null =>
  listed?.status === "USED" ? { usedAt: listed.usedAt ?? "", gate: listed.gate } : null;
