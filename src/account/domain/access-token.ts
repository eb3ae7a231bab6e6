import type { InstantMs } from "#kernel/instant.ts";
import { isUuid, toId, type UserId } from "#kernel/ids.ts";

/** The purpose of an access token. A queue token has another one, so neither is accepted as the other. */
export const accessPurpose = "access";

/** The claims of an access token. Times are in seconds since 1970, as in every JWT. */
export interface AccessClaims {
  readonly sub: UserId;
  readonly iat: number;
  readonly exp: number;
  /** The user's token epoch when the token was issued; absent: 0. A token with an older epoch is revoked. */
  readonly te?: number;
  /** 1: the session comes from a recovery; the old code stays valid until this token is used. */
  readonly rec?: 1;
}

/** The bearer of an access token. */
export interface AccessSubject {
  readonly userId: UserId;
  readonly tokenEpoch: number;
  readonly isRecovered: boolean;
}

/** The values from which the claims of a new access token are made. */
export interface AccessGrant extends AccessSubject {
  readonly nowMs: InstantMs;
  /** The lifetime of the token; 1 or more. */
  readonly seconds: number;
}

/** The claims of a new access token. It expires `seconds` after the full second in which it is issued. */
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

/**
 * The subject of a token with a valid signature and purpose. Null when the token has expired (from the
 * second of `exp` on), and when a claim is missing or malformed.
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
