import type { Database } from "#platform/postgres/database.ts";
import type { KnownUser, NamedUser, KnownUsers } from "../../ports/known-users.ts";

const columns = `user_id as "userId", name, created_at as "createdAtMs", erased_at as "erasedAtMs"`;

const firstUuid = "00000000-0000-0000-0000-000000000000";
const lastUuid = "ffffffff-ffff-ffff-ffff-ffffffffffff";

// The expression of the index app_user_by_name. Its order is that of the bytes, so a beginning is a range, and the greatest
// character ends it.
const key = `lower(name) collate "C"`;

// Without a position the page begins at the beginning itself: PostgreSQL starts to read at the compared row.
export const byNameText = `
  select ${columns}, lower(name) as key
  from app_user
  where name is not null
    and ${key} >= lower($1) and ${key} < lower($1) || chr(1114111)
    and (${key}, user_id) > (coalesce($2, lower($1)), $3::uuid)
  order by ${key}, user_id
  limit $4`;

/** KnownUsers in PostgreSQL: one indexed statement a call. */
export const pgKnownUsers = (database: Database): KnownUsers => ({
  async find(userId) {
    const [user] = await database.query<KnownUser>({
      name: "account-known-user",
      text: `select ${columns} from app_user where user_id = $1`,
      values: [userId],
    });
    return user ?? null;
  },
  newest: ({ limit, after }) =>
    database.query<KnownUser>({
      name: "account-newest-users",
      text: `select ${columns} from app_user where user_id < $1 order by user_id desc limit $2`,
      values: [after ?? lastUuid, limit],
    }),
  byName: (beginning, { limit, after }) =>
    database.query<NamedUser>({
      name: "account-users-by-name",
      text: byNameText,
      values: [beginning, after?.key ?? null, after?.userId ?? firstUuid, limit],
    }),
});
