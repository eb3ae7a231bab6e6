import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Published } from "../domain/published.ts";

export interface AuditEntry {
  /** Grows with each entry; the cursor of a list. */
  readonly entryNo: number;
  readonly atMs: InstantMs;
  readonly actor: string;
  readonly action: string;
  readonly concertId: ConcertId | null;
  readonly before: Published | null;
  readonly after: Published | null;
}

export interface AuditQuery {
  /** Returns only older entries; null: from the newest one. */
  readonly beforeEntryNo: number | null;
  /** Null: of every concert. */
  readonly concertId: ConcertId | null;
  readonly limit: number;
}

/** Reads the entries of the audit trail. ConcertRecords writes them together with each change. */
export interface AuditTrail {
  /** Newest first. Throws Unavailable when the store is away. */
  page(query: AuditQuery): Promise<readonly AuditEntry[]>;
}
