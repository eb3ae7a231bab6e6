import pg from "pg";

/** How PostgreSQL's text becomes values: see `Database`. */

const toSafeInteger = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 ${text} is no safe integer`);
  return value;
};

const instantText = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)\+00$/;

/** The session's time zone is UTC, so that an instant has one spelling. Below a millisecond is cut off. */
const toInstantMs = (text: string): number => {
  if (text === "infinity") return Infinity;
  if (text === "-infinity") return -Infinity;
  const parts = instantText.exec(text);
  if (parts === null) throw new RangeError(`not a timestamptz in UTC: ${text}`);
  return Date.parse(`${parts[1]}T${parts[2]}Z`);
};

const asText = (text: string): string => text;

/** One-dimensional arrays of values that hold no comma, quote or brace. */
const listOf =
  <V>(parse: (text: string) => V) =>
  (text: string): (V | null)[] => {
    if (!text.startsWith("{") || text.startsWith("{{")) {
      throw new RangeError("only one-dimensional arrays are read");
    }
    if (text === "{}") return [];
    return text
      .slice(1, -1)
      .split(",")
      .map((item) => (item === "NULL" ? null : parse(item.replaceAll('"', ""))));
  };

const parsers = new Map<number, (text: string) => unknown>([
  [20, toSafeInteger],
  [1700, asText],
  [1184, toInstantMs],
  [1082, asText],
  [1114, asText],
  [1016, listOf(toSafeInteger)],
  [1231, listOf(asText)],
  [1185, listOf(toInstantMs)],
  [1182, listOf(asText)],
  [2951, listOf(asText)],
]);

/** int8 → safe integer, numeric → string, timestamptz → epoch ms, date → "YYYY-MM-DD", jsonb → parsed; arrays alike. */
export const valueTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    (format !== "binary" ? parsers.get(oid) : undefined) ??
    (pg.types.getTypeParser(oid, format as "text") as (
      text: string,
    ) => unknown)) as pg.CustomTypesConfig["getTypeParser"],
};
