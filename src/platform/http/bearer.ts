const bearer = /^bearer +([\x21-\x7e]+) *$/i;

/**
 * Returns the token of an `Authorization: Bearer …` header. The case of the scheme makes no difference.
 * Null unless exactly one token of visible ASCII follows the scheme.
 */
export const readBearer = (header: string | undefined): string | null => {
  return header === undefined ? null : (bearer.exec(header)?.[1] ?? null);
};
