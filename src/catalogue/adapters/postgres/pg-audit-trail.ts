import type { Queryable } from "#platform/postgres/database.ts";
import type { AuditEntry, AuditTrail } from "../../ports/audit-trail.ts";

/** AuditTrail in PostgreSQL. */
export const pgAuditTrail = (database: Queryable): AuditTrail => ({
  page: ({ beforeEntryNo, concertId, limit }) =>
    database.query<AuditEntry>({
      name: "catalogue-audit",
      text: `select audit_id as "entryNo", at as "atMs", actor, action, concert_id as "concertId", before, after
        from audit
        where audit_id < coalesce($1::bigint, 9223372036854775807)
          and ($2::uuid is null or concert_id = $2)
        order by audit_id desc
        limit $3`,
      values: [beforeEntryNo, concertId, limit],
    }),
});
