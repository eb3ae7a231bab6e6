import { Buffer } from "node:buffer";
import { isUuid, toId, type Id } from "#kernel/ids.ts";
import { malformedRequest } from "#platform/http/refusal.ts";
import type { Problem } from "#platform/http/route.ts";

// A cursor is where a page ended, as base64url, so that nobody takes it for more than it is.

const encode = (text: string): string => Buffer.from(text, "latin1").toString("base64url");

/** The text of a cursor, or null for what this server would not have written. */
const decode = (cursor: string): string | null => {
  const text = Buffer.from(cursor, "base64url").toString("latin1");
  return encode(text) === cursor ? text : null;
};

/** The cursor of a position in a list by number. */
export const numberCursor = (position: number | null): string | null =>
  position === null ? null : encode(String(position));

/** Null for no cursor; undefined for a malformed one. */
export const readNumberCursor = (cursor: string | undefined): number | null | undefined => {
  if (cursor === undefined) return null;
  const text = decode(cursor);
  if (text === null || !/^[1-9][0-9]{0,15}$/.test(text)) return undefined;
  const position = Number(text);
  return Number.isSafeInteger(position) ? position : undefined;
};

/** The cursor of a position in a list by id. */
export const idCursor = (position: string | null): string | null =>
  position === null ? null : encode(position);

/** Null for no cursor; undefined for a malformed one. */
export const readIdCursor = <Kind extends string>(
  cursor: string | undefined,
): Id<Kind> | null | undefined => {
  if (cursor === undefined) return null;
  const text = decode(cursor);
  return text !== null && isUuid(text) ? toId<Kind>(text) : undefined;
};

export const strangeCursor: Problem = malformedRequest([
  { pointer: "/query/cursor", message: "is not a cursor of this list" },
]);
