import type { InstantMs } from "#kernel/instant.ts";
import type { Database } from "#platform/postgres/database.ts";
import type { Revocation, Revocations } from "../../ports/revocations.ts";

/** A revocation; or, without one, the clock alone. */
type Row = (Revocation | Readonly<Record<keyof Revocation, null>>) & { readonly nowMs: InstantMs };

/** Revocations in PostgreSQL, read from an index that contains only revoked users. */
export const pgRevocations = (database: Database): Revocations => ({
  async since(atMs) {
    const rows = await database.query<Row>({
      name: "account-revoked-since",
      text: `select user_id as "userId", token_epoch as "tokenEpoch", revoked_at as "revokedAtMs",
          erased_at is not null as "isErased", moment.now as "nowMs"
        from (select clock_timestamp() as now) as moment
        left join app_user on revoked_at >= $1`,
      values: [new Date(atMs)],
    });
    const revoked = rows.flatMap(({ nowMs: _, ...one }) => (one.userId === null ? [] : [one]));
    return { revoked, nowMs: rows[0]?.nowMs ?? atMs };
  },
});
