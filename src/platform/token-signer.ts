import { hash, timingSafeEqual } from "node:crypto";

/** Signs and verifies the tokens that this installation issues. */
export interface TokenSigner {
  /** Returns a compact JWT of the claims, with the purpose as `aud`, signed with the first key. About 3 µs. */
  sign(purpose: string, claims: object): string;
  /**
   * Returns the claims of a token that one of the keys signed for this purpose; null for any other text.
   * Does not check `exp`: the callers do. About 3 µs.
   */
  verify(purpose: string, token: string): Record<string, unknown> | null;
}

interface SigningKey {
  /** The header of every token of this key in base64url, with the dot after it. */
  readonly prefix: string;
  /** Returns the HMAC-SHA-256 of ASCII text in base64url; null for other or too long text. */
  mac(text: string): string | null;
}

/** Far above any token that we sign; a longer one is refused before any hashing. */
const tokenCharsMax = 4096;
const secretBytesMin = 32;
const blockBytes = 64;
const digestBytes = 32;
const signatureChars = 43;

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/**
 * Computes HMAC (RFC 2104) with two one-shot hashes. An `Hmac` object is a stream with a finaliser and costs
 * twice as much; every poll of the queue pays for one.
 */
const hmacSha256 = (secret: Uint8Array): SigningKey["mac"] => {
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
  // A character of more than one byte does not fit, so no other spelling passes.
  if (givenBytes.write(given, 0, "utf8") !== signatureChars) return false;
  return timingSafeEqual(expectedBytes, givenBytes);
};

/** Reused by every call: a new buffer for each token would load the garbage collector. */
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

const signingKey = (id: string, secretBytes: Uint8Array): SigningKey => {
  if (id === "") throw new TypeError("a token key needs an id");
  if (secretBytes.byteLength < secretBytesMin) {
    throw new TypeError(`the secret of token key ${id} is shorter than ${secretBytesMin} bytes`);
  }
  const prefix = `${encode({ alg: "HS256", typ: "JWT", kid: id })}.`;
  return { prefix, mac: hmacSha256(secretBytes) };
};

/**
 * Returns a signer of HMAC-SHA-256 keys. The first key signs and every key verifies, so tokens stay valid
 * while the operator rotates the keys.
 *
 * The algorithm is fixed: the header is not interpreted, it must equal the header of one of the keys byte for
 * byte. Signatures are compared in constant time, in their one canonical spelling.
 *
 * Throws TypeError without a key, for two keys with one id, and for a secret under 32 bytes.
 */
export const tokenSigner = (
  keys: readonly { readonly id: string; readonly secret: Uint8Array }[],
): TokenSigner => {
  const signingKeys = keys.map(({ id, secret }) => signingKey(id, secret));
  const [first] = signingKeys;
  if (first === undefined) throw new TypeError("a token signer needs a key");
  if (new Set(signingKeys.map(({ prefix }) => prefix)).size !== signingKeys.length) {
    throw new TypeError("two token keys have the same id");
  }

  return {
    sign(purpose, claims) {
      const signedPart = first.prefix + encode({ ...claims, aud: purpose });
      const signature = first.mac(signedPart);
      if (signature === null) throw new RangeError("the claims are too long for a token");
      return `${signedPart}.${signature}`;
    },
    verify(purpose, token) {
      const key = signingKeys.find(({ prefix }) => token.startsWith(prefix));
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
