import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import type { Published } from "../../domain/published.ts";
import type { AuditTrail } from "../../ports/audit-trail.ts";

interface AuditRow {
  audit_id: number;
  at: InstantMs;
  actor: string;
  action: string;
  concert_id: ConcertId | null;
  before: Published | null;
  after: Published | null;
}

/** AuditTrail in PostgreSQL. */
export const pgAuditTrail = (database: Queryable): AuditTrail => ({
  page: async ({ beforeEntryNo, concertId, limit }) => {
    const rows = await database.query<AuditRow>({
      name: "catalogue-audit",
      text: `select audit_id, at, actor, action, concert_id, before, after
        from audit
        where audit_id < coalesce($1::bigint, 9223372036854775807)
          and ($2::uuid is null or concert_id = $2)
        order by audit_id desc
        limit $3`,
      values: [beforeEntryNo, concertId, limit],
    });
    return rows.map((row) => ({
      entryNo: row.audit_id,
      atMs: row.at,
      actor: row.actor,
      action: row.action,
      concertId: row.concert_id,
      before: row.before,
      after: row.after,
    }));
  },
});
