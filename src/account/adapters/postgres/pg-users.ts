import type { InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";
import type { Database } from "#platform/postgres/database.ts";
import type { Users } from "../../ports/users.ts";

/** The users in PostgreSQL. */
export const pgUsers = (database: Database): Users => ({
  async find(userId) {
    const [row] = await database.query<{ name: string | null; created_at: InstantMs }>({
      name: "account-find-user",
      text: `select name, created_at from app_user where user_id = $1 and erased_at is null`,
      values: [userId],
    });
    return row === undefined ? null : { userId, name: row.name, createdAtMs: row.created_at };
  },

  ofIdentity: async ({ issuer, subject }, candidate) => {
    const mapped = async (): Promise<UserId | undefined> => {
      const rows = await database.query<{ user_id: UserId }>({
        name: "account-find-identity",
        text: `select user_id from user_identity where issuer = $1 and subject = $2`,
        values: [issuer, subject],
      });
      return rows[0]?.user_id;
    };
    const known = await mapped();
    if (known !== undefined) return known;
    // One statement, so that who loses the race leaves no user behind. The foreign key is checked at
    // its end. The loser waits here until the winner has committed, and reads him afterwards.
    await database.query({
      name: "account-claim-identity",
      text: `with claimed as (
          insert into user_identity (issuer, subject, user_id)
          values ($1, $2, $3)
          on conflict do nothing
          returning user_id
        )
        insert into app_user (user_id) select user_id from claimed`,
      values: [issuer, subject, candidate],
    });
    const settled = await mapped();
    if (settled === undefined) throw new Error("an identity was neither claimed nor found");
    return settled;
  },

  erase: (userId) =>
    database.transaction(async (tx) => {
      await tx.query({
        name: "account-erase-user",
        text: `update app_user set name = null, recovery_hash = null, next_recovery_hash = null,
            token_epoch = token_epoch + 1, revoked_at = clock_timestamp(),
            erased_at = coalesce(erased_at, clock_timestamp())
          where user_id = $1`,
        values: [userId],
      });
      for (const table of ["user_session", "user_handover", "user_identity"])
        await tx.query({ text: `delete from ${table} where user_id = $1`, values: [userId] });
    }),
});
