import { asId } from "#kernel/ids.ts";
import { toPage, withOneMore, type Page } from "#kernel/page.ts";
import type { KnownUser, NamePosition, KnownUsers } from "../ports/known-users.ts";

export interface FindUsers {
  /** A user id, or the beginning of a name; null: every user. */
  readonly text: string | null;
  readonly limit: number;
  /** In the list of every user its `key` is empty. */
  readonly after: NamePosition | null;
}

/**
 * Finds users by id or by the beginning of their name, in any case. A user id finds its user alone, also an erased one.
 * Without a text all users, newest first.
 *
 * The order never changes, so a page continues where the one before ended, whoever comes meanwhile. Throws Unavailable.
 * Cost: one indexed statement.
 */
export const findUsers =
  ({ knownUsers }: { readonly knownUsers: KnownUsers }) =>
  async ({ text, limit, after }: FindUsers): Promise<Page<KnownUser, NamePosition>> => {
    if (text === null) {
      const query = withOneMore({ limit, after: after?.userId ?? null });
      const found = await knownUsers.newest(query);
      return toPage(found, limit, ({ userId }) => ({ key: "", userId }));
    }
    const userId = asId<"user">(text);
    if (userId !== null) {
      const user = await knownUsers.find(userId);
      return { items: user === null ? [] : [user], next: null };
    }
    const found = await knownUsers.byName(text, withOneMore({ limit, after }));
    return toPage(found, limit, ({ key, userId: last }) => ({ key, userId: last }));
  };
