import type { Clock, InstantMs } from "#kernel/instant.ts";
import type { MintId, UserId } from "#kernel/ids.ts";
import { accessClaims, accessPurpose } from "../domain/access-token.ts";
import type { OpenedSession, Sessions } from "../ports/sessions.ts";
import type { OwnTokens } from "../ports/tokens.ts";

export interface CreateUserDeps {
  readonly sessions: Pick<Sessions, "create">;
  readonly tokens: Pick<OwnTokens, "sign">;
  readonly clock: Clock;
  readonly mintId: MintId;
  /** The lifetime of the access token of a new user, in days. */
  readonly accessTokenDays: number;
}

export interface CreateUser {
  /** 1 to 100 characters, or null. */
  readonly name: string | null;
}

/** A session with its access token. */
export interface GrantedSession extends Omit<OpenedSession, "tokenEpoch"> {
  readonly accessToken: string;
  readonly expiresAtMs: InstantMs;
}

/** Adds an access token to an opened session. */
export const grantAccess = (
  deps: Pick<CreateUserDeps, "tokens" | "clock">,
  opened: OpenedSession,
  terms: { readonly seconds: number; readonly isRecovered: boolean },
): GrantedSession => {
  const { userId, tokenEpoch, refreshToken, recoveryCode } = opened;
  const claims = accessClaims({ userId, tokenEpoch, nowMs: deps.clock.nowMs(), ...terms });
  return {
    userId,
    accessToken: deps.tokens.sign(accessPurpose, claims),
    expiresAtMs: claims.exp * 1000,
    refreshToken,
    recoveryCode,
  };
};

/**
 * Creates a user, a session and a recovery code.
 *
 * The user is stored before the token is returned. A repeated call creates a second user. Throws
 * Unavailable while the store is away. Cost: one transaction.
 */
export const createUser =
  (deps: CreateUserDeps) =>
  async (command: CreateUser): Promise<GrantedSession> => {
    const userId: UserId = deps.mintId<"user">();
    const opened = await deps.sessions.create(userId, command.name);
    const seconds = deps.accessTokenDays * 86_400;
    return grantAccess(deps, opened, { seconds, isRecovered: false });
  };
