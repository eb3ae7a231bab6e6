/**
 * The token of an `Authorization: Bearer …` header, or null when there is none. The scheme's case makes
 * no difference; anything but one token of visible ASCII after it is none.
 */
export const readBearer = (header: string | undefined): string | null => {
  if (header === undefined || header.length < 8) return null;
  if (header.slice(0, 7).toLowerCase() !== "bearer ") return null;
  const token = header.slice(7).trim();
  return /^[\x21-\x7e]+$/.test(token) ? token : null;
};
