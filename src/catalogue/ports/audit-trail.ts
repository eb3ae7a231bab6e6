import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Published } from "../domain/published.ts";

export interface AuditEntry {
  /** Rises with each entry; the cursor of a list. */
  readonly entryNo: number;
  readonly atMs: InstantMs;
  readonly actor: string;
  readonly action: string;
  readonly concertId: ConcertId | null;
  readonly before: Published | null;
  readonly after: Published | null;
}

export interface AuditQuery {
  /** Only entries older than this one. */
  readonly beforeEntryNo: number | null;
  readonly concertId: ConcertId | null;
  readonly limit: number;
}

/** Who changed what. Written with the changes themselves; here it is only read. */
export interface AuditTrail {
  /** Newest first. Throws Unavailable when the store is away. */
  page(query: AuditQuery): Promise<readonly AuditEntry[]>;
}
