import type { TicketCode } from "../domain/ticket-code.ts";

/** Signs and checks the codes of tickets. */
export interface TicketCodes {
  /** The code of a ticket as text, signed with the first key. The same for the same values and key. */
  sign(ticket: TicketCode): string;
  /** The statement of a code; null for a text that none of the keys has signed. */
  read(code: string): TicketCode | null;
}
