export type KeyHeader =
  | { readonly kind: "none" }
  | { readonly kind: "key"; readonly key: string }
  | { readonly kind: "unusable" };

const charsMax = 255;
const printable = /^[\x20-\x7e]+$/;
/** A string of RFC 9651: in quotes, with only `\"` and `\\` as escapes. */
const quoted = /^"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;

const unquote = (text: string): string | undefined =>
  text.startsWith('"') ? quoted.exec(text)?.[1]?.replace(/\\(["\\])/g, "$1") : text;

/**
 * Reads the Idempotency-Key header: 1 to 255 printable ASCII characters, bare or as a quoted string.
 * A quoted key and a bare key are the same key when their characters are. Two headers are unusable.
 */
export const readIdempotencyKey = (values: readonly string[] | undefined): KeyHeader => {
  if (values === undefined || values.length === 0) return { kind: "none" };
  if (values.length > 1) return { kind: "unusable" };
  const key = unquote((values[0] ?? "").trim());
  return key !== undefined && key.length <= charsMax && printable.test(key)
    ? { kind: "key", key }
    : { kind: "unusable" };
};
