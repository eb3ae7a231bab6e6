import type { ConcertId } from "#kernel/ids.ts";
import type { Queryable } from "#platform/postgres/database.ts";

/** A row of the audit trail, written in the transaction of its effect. */
export interface AuditEntry {
  readonly actor: string;
  readonly action: string;
  /** Null for a change that concerns no concert. */
  readonly concertId: ConcertId | null;
  readonly before: object | null;
  readonly after: object;
}

export const addAudit = (tx: Queryable, entry: AuditEntry) =>
  tx.query({
    name: "shop-audit",
    text: "insert into audit (actor, action, concert_id, before, after) values ($1, $2, $3, $4, $5)",
    values: [
      entry.actor,
      entry.action,
      entry.concertId,
      entry.before && JSON.stringify(entry.before),
      JSON.stringify(entry.after),
    ],
  });
