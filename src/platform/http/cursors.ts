import { Buffer } from "node:buffer";
import { isUuid, toId, type Id } from "#kernel/ids.ts";
import { malformedRequest } from "./refusal.ts";
import type { Problem } from "./route.ts";

// A cursor is the position where a page ended, in base64url, so that clients treat it as opaque.

const encode = (text: string): string => Buffer.from(text, "latin1").toString("base64url");

/** Returns the text of a cursor, or null when this server did not write it. */
const decode = (cursor: string): string | null => {
  const text = Buffer.from(cursor, "base64url").toString("latin1");
  return encode(text) === cursor ? text : null;
};

/** Writes the cursor of a position in a list that is sorted by number. */
export const numberCursor = (position: number | null): string | null =>
  position === null ? null : encode(String(position));

/** Returns null without a cursor, undefined for a malformed one. */
export const readNumberCursor = (cursor: string | undefined): number | null | undefined => {
  if (cursor === undefined) return null;
  const text = decode(cursor);
  if (text === null || !/^[1-9][0-9]{0,15}$/.test(text)) return undefined;
  const position = Number(text);
  return Number.isSafeInteger(position) ? position : undefined;
};

/** Writes the cursor of a position in a list that is sorted by id. */
export const idCursor = (position: string | null): string | null =>
  position === null ? null : encode(position);

/** Returns null without a cursor, undefined for a malformed one. */
export const readIdCursor = <Kind extends string>(
  cursor: string | undefined,
): Id<Kind> | null | undefined => {
  if (cursor === undefined) return null;
  const text = decode(cursor);
  return text !== null && isUuid(text) ? toId<Kind>(text) : undefined;
};

export const invalidCursor: Problem = malformedRequest([
  { pointer: "/query/cursor", message: "must be a nextCursor of this list" },
]);
