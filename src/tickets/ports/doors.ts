import type { ConcertId, TicketId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { PageQuery } from "#kernel/page.ts";
import type { CheckInId, CheckInResult, Scan } from "../domain/check-in.ts";
import type { Ticket } from "../domain/ticket.ts";

/** The admission of a ticket. */
export interface Admission {
  readonly usedAtMs: InstantMs;
  readonly gate: string | null;
}

/** A scan as the database has it. */
export interface RecordedScan {
  readonly checkInId: CheckInId;
  readonly result: CheckInResult;
  readonly ticketId: TicketId | null;
  /** Of the ticket, by this scan or by an earlier one; null while it is not admitted. */
  readonly admission: Admission | null;
}

export type RecordOutcome =
  /** The show of a scan does not exist. */
  | { readonly kind: "date-not-found"; readonly index: number }
  | { readonly kind: "id-reused"; readonly index: number }
  /** The concert of a new scan is cancelled; nothing is recorded. */
  | { readonly kind: "concert-cancelled"; readonly index: number }
  /** One for each scan, in their order. */
  | { readonly kind: "recorded"; readonly scans: readonly RecordedScan[] };

/** A ticket of a show as a scanner without a network needs it. */
export interface ExpectedTicket extends Pick<
  Ticket,
  "ticketId" | "seatNumber" | "status" | "version"
> {
  readonly holderName: string | null;
  readonly admission: Admission | null;
}

export interface ExpectedTickets {
  readonly tickets: readonly ExpectedTicket[];
  readonly nowMs: InstantMs;
}

/** The admissions at doors. Every method throws Unavailable. */
export interface Doors {
  /**
   * Judges the scans in their order and records them, all or none, each once. Outcomes, first that applies:
   * `date-not-found`, then `id-reused` or `concert-cancelled` of the first scan that has one, `recorded`.
   *
   * Atomicity: one transaction that keeps the concerts from being cancelled meanwhile and locks the tickets by their ids,
   * so that of two scans one is admitted.
   */
  record(scans: readonly Scan[], actor: string): Promise<RecordOutcome>;
  /** The tickets of a show, also the void ones, by id; null when there is no such show. */
  expected(
    show: { readonly concertId: ConcertId; readonly date: string },
    query: PageQuery<TicketId>,
  ): Promise<ExpectedTickets | null>;
}
