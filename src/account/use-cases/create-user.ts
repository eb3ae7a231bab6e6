import { type Clock, type InstantMs } from "#kernel/instant.ts";
import type { MintId, UserId } from "#kernel/ids.ts";
import { accessClaims, accessPurpose } from "../domain/access-token.ts";
import type { OwnTokens } from "../ports/tokens.ts";
import type { Users } from "../ports/users.ts";

export interface CreateUserDeps {
  readonly users: Pick<Users, "add">;
  readonly tokens: Pick<OwnTokens, "sign">;
  readonly clock: Clock;
  readonly mintId: MintId;
  /** How long an access token lasts, in days. */
  readonly accessTokenDays: number;
}

export interface CreateUser {
  /** 1 to 100 characters, or null. */
  readonly name: string | null;
}

export interface CreatedUser {
  readonly kind: "created";
  readonly userId: UserId;
  readonly accessToken: string;
  readonly expiresAtMs: InstantMs;
}

/**
 * Makes a user and his access token.
 *
 * The user is kept before the token is given out. Asking twice makes two users. Throws Unavailable
 * when the store is away. Cost: one statement.
 */
export const createUser =
  (deps: CreateUserDeps) =>
  async (command: CreateUser): Promise<CreatedUser> => {
    const userId: UserId = deps.mintId<"user">();
    await deps.users.add(userId, command.name);
    const claims = accessClaims(userId, deps.clock.nowMs(), deps.accessTokenDays);
    return {
      kind: "created",
      userId,
      accessToken: deps.tokens.sign(accessPurpose, claims),
      expiresAtMs: claims.exp * 1000,
    };
  };
