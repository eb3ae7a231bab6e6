import type { InstantMs } from "#kernel/instant.ts";
import { isUuid, toId, type UserId } from "#kernel/ids.ts";

/** The purpose that an access token is signed for; a queue token has another and never passes for one. */
export const accessPurpose = "access";

/** The content of an access token. Seconds since 1970, as JWT has them. */
export interface AccessClaims {
  readonly sub: UserId;
  readonly iat: number;
  readonly exp: number;
}

const secondsPerDay = 86_400;

/** What a new access token says; it ends `days` (1 or more) after the second in which it is made. */
export const accessClaims = (userId: UserId, nowMs: InstantMs, days: number): AccessClaims => {
  const iat = Math.floor(nowMs / 1000);
  return { sub: userId, iat, exp: iat + days * secondsPerDay };
};

/**
 * The user of a token whose signature and purpose are genuine, or null when it has ended (from the
 * second of `exp` on) or does not say who or until when.
 */
export const userOfClaims = (
  claims: Readonly<Record<string, unknown>>,
  nowMs: InstantMs,
): UserId | null => {
  const { sub, exp } = claims;
  if (typeof sub !== "string" || !isUuid(sub)) return null;
  if (typeof exp !== "number" || !Number.isFinite(exp)) return null;
  return nowMs < exp * 1000 ? toId<"user">(sub) : null;
};
