import type { Concert } from "../../sdk/generated/schemas.ts";
import type { TicketKey } from "../../sdk/ticket-code.ts";
import type { PlaceName } from "../shared/hall/names.ts";
import type { ListedTicket, Result } from "./rules.ts";

// The records that a scanner keeps in the browser.

/** The show at whose door the scanner is. */
export interface DoorShow extends Pick<Concert, "concertId" | "title" | "venue" | "timeZone"> {
  readonly date: string;
  readonly startsAt: string;
  /** The name of the door. */
  readonly gate: string | null;
}

/** The tickets of a show and the keys of their codes, as the server had them. */
export interface DoorList {
  readonly concertId: string;
  readonly date: string;
  readonly tickets: readonly ListedTicket[];
  readonly keys: readonly TicketKey[];
  /** By the server's clock. */
  readonly listedAt: string;
}

/** The result that the page shows for a scan. `CANCELLED`: the server admits no ticket of the concert any more. */
export type ShownResult = Result | "CANCELLED";

/** The answer to a scan. */
export interface Answer {
  readonly result: ShownResult;
  readonly ticketId: string | null;
  /** Null for a ticket that is not known. */
  readonly place: PlaceName | null;
  readonly holderName: string | null;
  /** The date that the ticket is for; null when it is not known. */
  readonly date: string | null;
  readonly usedAt: string | null;
  readonly gate: string | null;
  /** `list`: decided by the list, without the server. */
  readonly by: "server" | "list";
}

/** A scan, with the answer that the person at the door saw. */
export interface Scan {
  /** Its number on this scanner: the order in which scans are sent. */
  readonly n: number;
  readonly checkInId: string;
  readonly concertId: string;
  readonly date: string;
  /** Exactly one of the two. */
  readonly code?: string;
  readonly ticketId?: string;
  readonly gate: string | null;
  /** When it was scanned, by this scanner's clock. */
  readonly at: string;
  readonly shown: Answer;
  /** It goes to the server: the person was let in, or the server may have it already. */
  readonly isUnsent: boolean;
  /** The answer of the server that differs from what the person at the door saw; null without one. */
  readonly conflict: Conflict | null;
}

export interface Conflict {
  readonly result: ShownResult | "REFUSED";
  readonly usedAt: string | null;
  readonly gate: string | null;
  readonly isSeen: boolean;
}
