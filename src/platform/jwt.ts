import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from "node:crypto";

/** Keys that sign and check this installation's own tokens. */
export interface TokenRing {
  /** A compact JWT over the claims with `aud` set to the purpose, signed with the first key. About 5 µs. */
  sign(purpose: string, claims: object): string;
  /**
   * The claims of a token that one of the keys signed for exactly this purpose; null for anything else,
   * however odd. Does not judge `exp`: callers do. About 5 µs.
   */
  verify(purpose: string, token: string): Record<string, unknown> | null;
}

interface RingKey {
  readonly header: string;
  readonly secret: KeyObject;
}

/** Far above any token that we sign; longer ones are refused before any work is spent on them. */
const tokenCharsMax = 4096;
const secretBytesMin = 32;

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

const signatureOf = (key: RingKey, signedPart: string): string =>
  createHmac("sha256", key.secret).update(signedPart).digest("base64url");

const parseObject = (segment: string): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(Buffer.from(segment, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
};

const ringKey = (id: string, secretBytes: Uint8Array): RingKey => {
  if (id === "") throw new TypeError("a token key needs an id");
  if (secretBytes.byteLength < secretBytesMin) {
    throw new TypeError(`the secret of token key ${id} is shorter than ${secretBytesMin} bytes`);
  }
  const header = encode({ alg: "HS256", typ: "JWT", kid: id });
  return { header, secret: createSecretKey(secretBytes) };
};

/**
 * A ring of HMAC-SHA-256 keys: the first signs, all check, so that rotating costs nobody a token.
 *
 * The algorithm is fixed: a header is never interpreted, it must be byte for byte the one that this ring
 * writes for one of its keys. Signatures are compared in constant time and in their one canonical
 * spelling. Throws on no keys, doubled ids and secrets under 32 bytes.
 */
export const tokenRing = (
  keys: readonly { readonly id: string; readonly secret: Uint8Array }[],
): TokenRing => {
  const ring = keys.map(({ id, secret }) => ringKey(id, secret));
  const [first] = ring;
  if (first === undefined) throw new TypeError("a token ring needs a key");
  const byHeader = new Map(ring.map((key) => [key.header, key]));
  if (byHeader.size !== ring.length) throw new TypeError("two token keys have one id");

  return {
    sign(purpose, claims) {
      const signedPart = `${first.header}.${encode({ ...claims, aud: purpose })}`;
      return `${signedPart}.${signatureOf(first, signedPart)}`;
    },
    verify(purpose, token) {
      if (token.length > tokenCharsMax) return null;
      const headerEnd = token.indexOf(".");
      const payloadEnd = token.lastIndexOf(".");
      if (headerEnd < 0 || payloadEnd <= headerEnd) return null;
      const key = byHeader.get(token.slice(0, headerEnd));
      if (key === undefined) return null;
      const expected = Buffer.from(signatureOf(key, token.slice(0, payloadEnd)), "latin1");
      const given = Buffer.from(token.slice(payloadEnd + 1), "utf8");
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
      const claims = parseObject(token.slice(headerEnd + 1, payloadEnd));
      return claims !== null && claims["aud"] === purpose ? claims : null;
    },
  };
};
