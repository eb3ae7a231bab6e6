import type { UserId } from "#kernel/ids.ts";
import type { Users } from "../ports/users.ts";

/** The balance and the tickets of a user. */
export interface Holdings {
  /** In the minor unit. */
  readonly balance: number;
  /** Tickets of shows that have not begun. */
  readonly validTickets: number;
}

export interface EraseUserDeps {
  readonly users: Pick<Users, "erase">;
  /** Reads the present values, without a cache. Throws Unavailable. */
  holdings(userId: UserId): Promise<Holdings>;
}

export type EraseUserOutcome =
  | { readonly kind: "erased" }
  | ({ readonly kind: "not-empty" } & Holdings);

/**
 * Erases the personal data of a user: name, identity, sessions and codes. Reservations, orders of goods, payments
 * and the ledger keep the user id, because they must stay complete.
 *
 * Outcomes, first that applies:
 * - `not-empty`  the user has a balance or valid tickets; nothing was changed
 * - `erased`     every token of the user is revoked
 *
 * Throws Unavailable. Atomicity: two steps. The money of a charge between them stays on the erased
 * account, and the ledger shows it.
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
