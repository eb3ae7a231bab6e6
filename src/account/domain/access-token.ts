import type { InstantMs } from "#kernel/instant.ts";
import { isUuid, toId, type UserId } from "#kernel/ids.ts";

/** The purpose that an access token is signed for; a queue token has another and never passes for one. */
export const accessPurpose = "access";

/** The content of an access token. Seconds since 1970, as JWT has them. */
export interface AccessClaims {
  readonly sub: UserId;
  readonly iat: number;
  readonly exp: number;
  /** The user's token epoch at the moment of issue; absent: 0. A smaller one than the user's is revoked. */
  readonly te?: number;
  /** 1: the session comes from a recovery, whose old code stays valid until this token is used. */
  readonly rec?: 1;
}

/** The issuing of an access token. */
export interface AccessGrant {
  readonly userId: UserId;
  readonly nowMs: InstantMs;
  /** How long the token lasts, in seconds; 1 or more. */
  readonly seconds: number;
  readonly tokenEpoch: number;
  readonly isRecovered: boolean;
}

/** The claims of a new access token; it ends `seconds` after the second in which it is made. */
export const accessClaims = (grant: AccessGrant): AccessClaims => {
  const iat = Math.floor(grant.nowMs / 1000);
  return {
    sub: grant.userId,
    iat,
    exp: iat + grant.seconds,
    ...(grant.tokenEpoch === 0 ? {} : { te: grant.tokenEpoch }),
    ...(grant.isRecovered ? { rec: 1 } : {}),
  };
};

/** What a genuine access token says of its bearer. */
export interface AccessSubject {
  readonly userId: UserId;
  readonly tokenEpoch: number;
  readonly isRecovered: boolean;
}

/**
 * The subject of a token whose signature and purpose are genuine. Null when the token has ended (from
 * the second of `exp` on) or when a claim is missing or odd.
 */
export const subjectOfClaims = (
  claims: Readonly<Record<string, unknown>>,
  nowMs: InstantMs,
): AccessSubject | null => {
  const { sub, exp, te: tokenEpoch = 0, rec } = claims;
  if (typeof sub !== "string" || !isUuid(sub)) return null;
  if (typeof exp !== "number" || !Number.isFinite(exp)) return null;
  if (!Number.isSafeInteger(tokenEpoch)) return null;
  if (nowMs >= exp * 1000) return null;
  return { userId: toId<"user">(sub), tokenEpoch: tokenEpoch as number, isRecovered: rec === 1 };
};
