import type { ConcertId, Id, TicketId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Ticket } from "./ticket.ts";

export type CheckInId = Id<"check-in">;

/** A ticket that was shown at the door of a show. */
export interface Scan {
  readonly checkInId: CheckInId;
  readonly concertId: ConcertId;
  readonly date: string;
  /** Null: the code is none of this server. */
  readonly ticketId: TicketId | null;
  /** The version that the code states; null when the ticket was named by its id. */
  readonly version: number | null;
  readonly gate: string | null;
  /** By the scanner's clock; null: now. */
  readonly scannedAtMs: InstantMs | null;
  /** Tells the same scan from another one with its id. */
  readonly fingerprint: string;
}

/**
 * The answer of a door, first that applies:
 * - INVALID       no key has signed the code, or there is no such ticket
 * - WRONG_DATE    the ticket is for another show
 * - VOID          it was refunded, or the code is older than the last change of hands
 * - ALREADY_USED  it has been admitted
 * - ADMITTED      from now on it is used
 */
export type CheckInResult = "ADMITTED" | "ALREADY_USED" | "VOID" | "WRONG_DATE" | "INVALID";

export type ScannedTicket = Pick<Ticket, "concertId" | "date" | "status" | "version">;

/** Judges one scan; null for a ticket that does not exist. */
export const judgeScan = (scan: Scan, ticket: ScannedTicket | null): CheckInResult => {
  if (ticket === null) return "INVALID";
  if (ticket.concertId !== scan.concertId || ticket.date !== scan.date) return "WRONG_DATE";
  if (scan.version !== null && scan.version < ticket.version) return "VOID";
  switch (ticket.status) {
    case "VALID":
      return "ADMITTED";
    case "USED":
      return "ALREADY_USED";
    case "VOID":
      return "VOID";
  }
};

/** A scan with its answer. */
export interface JudgedScan extends Omit<Scan, "version" | "scannedAtMs"> {
  readonly result: CheckInResult;
  readonly scannedAtMs: InstantMs;
}

/** The rows that the scans of one request name, as they are locked. */
export interface DoorState {
  readonly tickets: ReadonlyMap<TicketId, ScannedTicket>;
  /** Earlier scans with the ids of these. */
  readonly known: ReadonlyMap<CheckInId, { readonly fingerprint: string }>;
  /** Those of the scans' concerts that are cancelled. */
  readonly cancelled: ReadonlySet<ConcertId>;
  readonly nowMs: InstantMs;
}

export type DoorOutcome =
  | {
      readonly kind: "judged";
      /** The scans that are new, in their order. */
      readonly fresh: readonly JudgedScan[];
    }
  /** Another scan has this id; nothing is judged. */
  | { readonly kind: "id-reused"; readonly index: number }
  /** The concert of a new scan is cancelled; nothing is judged. */
  | { readonly kind: "concert-cancelled"; readonly index: number };

/** Whether the scan is new, with `before` of the same id, or a fault of its list. */
const standingOf = (
  { fingerprint, concertId }: Scan,
  before: { readonly fingerprint: string } | undefined,
  { cancelled }: DoorState,
): "new" | "known" | "id-reused" | "concert-cancelled" => {
  if (before !== undefined) return before.fingerprint === fingerprint ? "known" : "id-reused";
  return cancelled.has(concertId) ? "concert-cancelled" : "new";
};

/**
 * Judges the scans of one request in their order: of two scans of a ticket the first is admitted. A scan that
 * is known is left as it was judged, also when the concert was cancelled since. A scan from the future counts as made now.
 */
export const judgeScans = (state: DoorState, scans: readonly Scan[]): DoorOutcome => {
  const tickets = new Map(state.tickets);
  const known = new Map(state.known);
  const fresh: JudgedScan[] = [];
  for (const [index, scan] of scans.entries()) {
    const { version: _, scannedAtMs, ...rest } = scan;
    const standing = standingOf(scan, known.get(scan.checkInId), state);
    if (standing === "known") continue;
    if (standing !== "new") return { kind: standing, index };
    known.set(scan.checkInId, scan);
    const ticket = scan.ticketId === null ? undefined : tickets.get(scan.ticketId);
    const result = judgeScan(scan, ticket ?? null);
    // The ids of a code of ours whose ticket is not in the database name no row.
    const ticketId = ticket === undefined ? null : scan.ticketId;
    if (ticket !== undefined && ticketId !== null && result === "ADMITTED")
      tickets.set(ticketId, { ...ticket, status: "USED" });
    const atMs = Math.min(scannedAtMs ?? state.nowMs, state.nowMs);
    fresh.push({ ...rest, ticketId, result, scannedAtMs: atMs });
  }
  return { kind: "judged", fresh };
};
