import type { UserId } from "#kernel/ids.ts";
import type { Users } from "../ports/users.ts";

/** What a user still has in the sale. */
export interface Holdings {
  /** In the minor unit. */
  readonly balance: number;
  /** Tickets of shows that have not begun. */
  readonly validTickets: number;
}

export interface EraseUserDeps {
  readonly users: Pick<Users, "erase">;
  /** Read as it stands. Throws Unavailable. */
  holdings(userId: UserId): Promise<Holdings>;
}

export type EraseUserOutcome =
  | { readonly kind: "erased" }
  | ({ readonly kind: "not-empty" } & Holdings);

/**
 * Erases the person and leaves the books: name, identity, sessions and codes go; reservations, payments
 * and the ledger keep the bare user id.
 *
 * - `not-empty`  the user has a balance or valid tickets; nothing was changed
 * - `erased`     every token of the user is revoked
 *
 * A charge that arrives between the two steps leaves its money on the erased account, where the books
 * show it. Throws Unavailable.
 */
export const eraseUser =
  (deps: EraseUserDeps) =>
  async (userId: UserId): Promise<EraseUserOutcome> => {
    const holdings = await deps.holdings(userId);
    if (holdings.balance > 0 || holdings.validTickets > 0)
      return { kind: "not-empty", ...holdings };
    await deps.users.erase(userId);
    return { kind: "erased" };
  };
