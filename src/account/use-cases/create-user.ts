import type { ChallengeGate } from "#kernel/challenge.ts";
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
  /** Null: no challenge stands before an account. */
  readonly challenges: ChallengeGate | null;
  /** The lifetime of the access token of a new user, in days. */
  readonly accessTokenDays: number;
}

export interface CreateUser {
  /** 1 to 100 characters, or null. */
  readonly name: string | null;
  /** The client's answer to a challenge; without one, null. */
  readonly challengeResponse?: string | null;
}

/** A session with its access token. */
export interface GrantedSession extends Omit<OpenedSession, "tokenEpoch"> {
  readonly accessToken: string;
  readonly expiresAtMs: InstantMs;
}

export type CreateUserOutcome =
  | { readonly kind: "CHALLENGE_REQUIRED" }
  | { readonly kind: "created"; readonly session: GrantedSession };

/** Adds an access token to an opened session. */
export const grantAccess = (
  deps: Pick<CreateUserDeps, "tokens" | "clock">,
  opened: OpenedSession,
  terms: { readonly seconds: number; readonly isRecovered: boolean },
): GrantedSession => {
  const { tokenEpoch, ...session } = opened;
  const { userId } = session;
  const claims = accessClaims({ userId, tokenEpoch, nowMs: deps.clock.nowMs(), ...terms });
  const accessToken = deps.tokens.sign(accessPurpose, claims);
  return { ...session, accessToken, expiresAtMs: claims.exp * 1000 };
};

/**
 * Creates a user, a session and a recovery code.
 *
 * Outcomes, first that applies:
 * - `CHALLENGE_REQUIRED`  the challenge is not answered; nothing was changed
 * - `created`
 *
 * The user is stored before the token is returned. A repeated call creates a second user. Throws
 * Unavailable while the store is away,
 * and while the answer to a challenge cannot be checked. Cost: the check, and one transaction.
 */
export const createUser =
  (deps: CreateUserDeps) =>
  async ({ name, challengeResponse = null }: CreateUser): Promise<CreateUserOutcome> => {
    const { challenges } = deps;
    const request = { kind: "create-user" } as const;
    if (challenges !== null && !(await challenges.passes(challengeResponse, request)))
      return { kind: "CHALLENGE_REQUIRED" };
    const userId: UserId = deps.mintId<"user">();
    const opened = await deps.sessions.create(userId, name);
    const seconds = deps.accessTokenDays * 86_400;
    const session = grantAccess(deps, opened, { seconds, isRecovered: false });
    return { kind: "created", session };
  };
