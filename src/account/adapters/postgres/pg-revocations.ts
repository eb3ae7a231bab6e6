import type { InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";
import type { Database } from "#platform/postgres/database.ts";
import type { Revocations } from "../../ports/revocations.ts";

interface Row {
  readonly user_id: UserId | null;
  readonly token_epoch: number;
  readonly revoked_at: InstantMs;
  readonly is_erased: boolean;
  readonly now: InstantMs;
}

/** Revocations in PostgreSQL, read from an index that contains only revoked users. */
export const pgRevocations = (database: Database): Revocations => ({
  async since(atMs) {
    const rows = await database.query<Row>({
      name: "account-revoked-since",
      text: `select user_id, token_epoch, revoked_at, erased_at is not null as is_erased, moment.now
        from (select clock_timestamp() as now) as moment
        left join app_user on revoked_at >= $1`,
      values: [new Date(atMs)],
    });
    return {
      revoked: rows.flatMap(({ user_id: userId, token_epoch: tokenEpoch, ...row }) =>
        userId === null
          ? []
          : [{ userId, tokenEpoch, revokedAtMs: row.revoked_at, isErased: row.is_erased }],
      ),
      nowMs: rows[0]?.now ?? atMs,
    };
  },
});
