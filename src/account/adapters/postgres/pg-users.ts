import type { InstantMs } from "#kernel/instant.ts";
import type { UserId } from "#kernel/ids.ts";
import type { Database } from "#platform/postgres/database.ts";
import type { Users } from "../../ports/users.ts";
import { deleteOfUser } from "./pg-sessions.ts";

/** Users in PostgreSQL. */
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
    const existing = await mapped();
    if (existing !== undefined) return existing;
    // One statement, so that the loser of a race leaves no user behind: it waits at the conflict until
    // the winner has committed, inserts nothing, and reads the winner's user below. The foreign key is
    // checked at the end of the statement.
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
    const claimed = await mapped();
    if (claimed === undefined) throw new Error("the identity was neither claimed nor found");
    return claimed;
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
      await deleteOfUser(tx, userId, ["user_session", "user_handover", "user_identity"]);
    }),
});
