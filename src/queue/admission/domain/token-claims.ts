import { asId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { QueueClaims } from "#kernel/place.ts";
import type { TokenPlace } from "#kernel/queue-gate.ts";
import { isPlace, placeIdOf } from "./place.ts";
import type { LivePlaceStatus } from "./place-status.ts";

/** The claims of a queue token, as the JWT has them. */
export interface TokenClaims {
  /** The user's UUID. */
  readonly sub: string;
  readonly concertId: string;
  /** The id of the place, opaque to clients. */
  readonly jti: string;
  readonly seq: number;
  readonly epoch: number;
  /** Epoch seconds. */
  readonly iat: number;
  /** Epoch seconds until which the slot lasts; only while ACTIVE. */
  readonly activeUntil?: number;
}

/**
 * The claims of a queue token for a place. `expiresAtMs` is given while the place is ACTIVE. It is rounded up
 * to the second, so that the token never ends before the slot.
 */
export const encodeClaims = (
  place: Pick<QueueClaims, "userId" | "concertId" | "epoch" | "seq">,
  issuedAtMs: InstantMs,
  expiresAtMs: InstantMs | null,
): TokenClaims => {
  const { userId, concertId, epoch, seq } = place;
  const iat = Math.floor(issuedAtMs / 1_000);
  const claims = { sub: userId, concertId, jti: placeIdOf(place), seq, epoch, iat };
  return expiresAtMs === null ? claims : { ...claims, activeUntil: Math.ceil(expiresAtMs / 1_000) };
};

/**
 * The claims of a token with a valid signature and purpose; null when they are not those of a queue token.
 * The age of the token does not matter: the token of an ended place is still genuine.
 */
export const decodeClaims = (content: Readonly<Record<string, unknown>>): QueueClaims | null => {
  const { sub, jti, seq, epoch, activeUntil } = content;
  const userId = asId<"user">(sub);
  const concertId = asId<"concert">(content["concertId"]);
  if (userId === null || concertId === null || !isPlace(epoch, seq)) return null;
  const place = { userId, concertId, epoch: epoch as number, seq: seq as number };
  if (jti !== placeIdOf(place)) return null;
  if (activeUntil === undefined) return { ...place, placeId: jti };
  if (!Number.isSafeInteger(activeUntil)) return null;
  return { ...place, placeId: jti, activeUntilSeconds: activeUntil as number };
};

/** Whether the token says that the place is ACTIVE at this moment. */
export const saysActive = ({ activeUntilSeconds }: TokenPlace, nowMs: InstantMs): boolean =>
  activeUntilSeconds !== undefined && nowMs < activeUntilSeconds * 1_000;

/** The ACTIVE status that the token proves at this moment; null: it proves none. */
export const activeByToken = (place: TokenPlace, nowMs: InstantMs): LivePlaceStatus | null => {
  if (!saysActive(place, nowMs)) return null;
  const { epoch, seq, activeUntilSeconds = 0 } = place;
  return { kind: "active", place: { epoch, seq }, expiresAtMs: activeUntilSeconds * 1_000 };
};
