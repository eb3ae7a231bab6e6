import { Buffer } from "node:buffer";
import { asId } from "#kernel/ids.ts";
import type { NamePosition } from "../../ports/known-users.ts";

const idChars = 36;

/** Writes the cursor of a position: base64url of the id and the name. */
export const userCursor = (position: NamePosition | null): string | null =>
  position === null ? null : Buffer.from(position.userId + position.key).toString("base64url");

/** Returns null without a cursor, undefined for one that this list did not write. */
export const readUserCursor = (cursor: string | undefined): NamePosition | null | undefined => {
  if (cursor === undefined) return null;
  const text = Buffer.from(cursor, "base64url").toString();
  const userId = asId<"user">(text.slice(0, idChars));
  if (userId === null) return undefined;
  const position = { userId, key: text.slice(idChars) };
  return userCursor(position) === cursor && !position.key.includes("\0") ? position : undefined;
};
