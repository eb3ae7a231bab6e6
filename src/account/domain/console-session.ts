import type { InstantMs } from "#kernel/instant.ts";

/** The purpose of the token in the console's cookie; it is no operator key. */
export const consolePurpose = "console";

/** Long enough to read a page of documents, short enough that a copied cookie is soon void. */
export const consoleSessionSeconds = 3_600;

/** The claims of a new session: the operator's name, the mark of the key and the second of the end. */
export const consoleClaims = (name: string, mark: string, nowMs: InstantMs) => ({
  sub: name,
  mark,
  exp: Math.floor(nowMs / 1000) + consoleSessionSeconds,
});

/**
 * Whether a session whose signature and purpose are valid is open. It ends after its time, and when the
 * keys of its operator change.
 */
export const isSessionOpen = (
  claims: Readonly<Record<string, unknown>>,
  nowMs: InstantMs,
  marks: ReadonlyMap<string, string>,
): boolean => {
  const { sub, mark, exp } = claims;
  if (typeof sub !== "string" || typeof mark !== "string" || marks.get(sub) !== mark) return false;
  return typeof exp === "number" && nowMs < exp * 1000;
};
