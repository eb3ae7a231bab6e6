const bearer = /^bearer +([\x21-\x7e]+) *$/i;

/**
 * The token of an `Authorization: Bearer …` header, or null when there is none. The scheme's case makes
 * no difference; anything but one token of visible ASCII after it is none.
 */
export const readBearer = (header: string | undefined): string | null => {
  return header === undefined ? null : (bearer.exec(header)?.[1] ?? null);
};
