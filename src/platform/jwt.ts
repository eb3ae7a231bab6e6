import { hash, timingSafeEqual } from "node:crypto";

/** Keys that sign and check this installation's own tokens. */
export interface TokenRing {
  /** A compact JWT over the claims with `aud` set to the purpose, signed with the first key. About 3 µs. */
  sign(purpose: string, claims: object): string;
  /**
   * The claims of a token that one of the keys signed for exactly this purpose; null for anything else,
   * however odd. Does not judge `exp`: callers do. About 3 µs.
   */
  verify(purpose: string, token: string): Record<string, unknown> | null;
}

interface RingKey {
  /** The first segment of every token of this key, with its dot. */
  readonly prefix: string;
  /** HMAC-SHA-256 of ASCII text in base64url; null for other text and for too much of it. */
  mac(text: string): string | null;
}

/** Far above any token that we sign; longer ones are refused before any work is spent on them. */
const tokenCharsMax = 4096;
const secretBytesMin = 32;
const blockBytes = 64;
const digestBytes = 32;
const signatureChars = 43;

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/**
 * HMAC (RFC 2104) out of two one-shot hashes. Half the cost of an `Hmac` object, which is a stream with
 * a finaliser, and every poll of the queue pays it.
 */
const hmacSha256 = (secret: Uint8Array): RingKey["mac"] => {
  const key = Buffer.alloc(blockBytes);
  key.set(secret.byteLength > blockBytes ? hash("sha256", secret, "buffer") : secret);
  const inner = Buffer.alloc(blockBytes + tokenCharsMax);
  const outer = Buffer.alloc(blockBytes + digestBytes);
  for (const [index, byte] of key.entries()) {
    inner[index] = byte ^ 0x36;
    outer[index] = byte ^ 0x5c;
  }
  return (text) => {
    if (text.length > tokenCharsMax) return null;
    const bytes = inner.write(text, blockBytes, "utf8");
    if (bytes !== text.length) return null;
    const digest = hash("sha256", inner.subarray(0, blockBytes + bytes), "binary");
    outer.write(digest, blockBytes, "latin1");
    return hash("sha256", outer, "base64url");
  };
};

const expectedBytes = Buffer.alloc(signatureChars);
const givenBytes = Buffer.alloc(signatureChars);

const isSignature = (given: string, expected: string | null): boolean => {
  if (expected === null || given.length !== signatureChars) return false;
  expectedBytes.write(expected, 0, "latin1");
  // A character of more than one byte does not fit, so that no other spelling passes.
  if (givenBytes.write(given, 0, "utf8") !== signatureChars) return false;
  return timingSafeEqual(expectedBytes, givenBytes);
};

/** Used within one call only: a buffer a token would be work for the garbage collector. */
const payloadBytes = Buffer.alloc(tokenCharsMax);

const parseObject = (segment: string): Record<string, unknown> | null => {
  const bytes = payloadBytes.write(segment, "base64url");
  try {
    const value: unknown = JSON.parse(payloadBytes.toString("utf8", 0, bytes));
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
  const prefix = `${encode({ alg: "HS256", typ: "JWT", kid: id })}.`;
  return { prefix, mac: hmacSha256(secretBytes) };
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
  if (new Set(ring.map(({ prefix }) => prefix)).size !== ring.length) {
    throw new TypeError("two token keys have one id");
  }

  return {
    sign(purpose, claims) {
      const signedPart = first.prefix + encode({ ...claims, aud: purpose });
      const signature = first.mac(signedPart);
      if (signature === null) throw new RangeError("the claims are too long for a token");
      return `${signedPart}.${signature}`;
    },
    verify(purpose, token) {
      const key = ring.find(({ prefix }) => token.startsWith(prefix));
      if (key === undefined) return null;
      const payloadEnd = token.lastIndexOf(".");
      if (payloadEnd < key.prefix.length) return null;
      if (!isSignature(token.slice(payloadEnd + 1), key.mac(token.slice(0, payloadEnd))))
        return null;
      const claims = parseObject(token.slice(key.prefix.length, payloadEnd));
      return claims !== null && claims["aud"] === purpose ? claims : null;
    },
  };
};
