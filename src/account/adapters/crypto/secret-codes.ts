import { createHash, randomBytes } from "node:crypto";
import { asId, type Id } from "#kernel/ids.ts";

/** Crockford's alphabet. It leaves out I, L, O and U, which are easily misread. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const groups = 6;
const groupChars = 5;

/** A code to write down: 150 random bits as six groups of five characters. */
export const mintRecoveryCode = (): string => {
  const chars = [...randomBytes(groups * groupChars)].map((byte) => alphabet[byte % 32]);
  return Array.from({ length: groups }, (_, at) =>
    chars.slice(at * groupChars, (at + 1) * groupChars).join(""),
  ).join("-");
};

/** Normalizes a typed recovery code: ignores case, spaces and hyphens, and reads O as 0, I and L as 1. */
export const readRecoveryCode = (typed: string): string => {
  const plain = typed
    .toUpperCase()
    .replaceAll(/[\s-]/g, "")
    .replaceAll("O", "0")
    .replaceAll(/[IL]/g, "1");
  return (plain.match(/.{1,5}/g) ?? []).join("-");
};

const secretBytes = 32;

/** The secret of a refresh token. The token also has the session id, so a reused one can end its session. */
export const mintRefreshSecret = (): Buffer => randomBytes(secretBytes);

export const refreshTokenOf = (sessionId: string, secret: Uint8Array): string =>
  Buffer.concat([Buffer.from(sessionId.replaceAll("-", ""), "hex"), secret]).toString("base64url");

/** Parses a refresh token; null for any other text. */
export const readRefreshToken = (
  token: string,
): { readonly sessionId: Id<"session">; readonly secret: Buffer } | null => {
  if (!/^[\w-]{64}$/.test(token)) return null;
  const bytes = Buffer.from(token, "base64url");
  const hex = bytes.toString("hex", 0, 16);
  const sessionId = asId<"session">(hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"));
  return sessionId === null ? null : { sessionId, secret: bytes.subarray(16) };
};

/**
 * Encrypts or decrypts a successor with its predecessor as a one-time pad: each secret is random and has
 * one successor. Only the holder of the predecessor can read the successor.
 */
export const sealWith = (secret: Uint8Array, successor: Uint8Array): Buffer => {
  const pad = createHash("sha256").update("successor").update(secret).digest();
  return Buffer.from(successor.map((byte, at) => byte ^ (pad[at] ?? 0)));
};
