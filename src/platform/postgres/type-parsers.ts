import pg from "pg";

const toSafeInteger = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 ${text} is not a safe integer`);
  return value;
};

const instantText = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)\+00$/;

/** The time zone of a session is UTC, so an instant has one spelling. Fractions of a ms are cut off. */
const toInstantMs = (text: string): number => {
  if (text === "infinity") return Infinity;
  if (text === "-infinity") return -Infinity;
  const parts = instantText.exec(text);
  if (parts === null) throw new RangeError(`not a timestamptz in UTC: ${text}`);
  return Date.parse(`${parts[1]}T${parts[2]}Z`);
};

const asText = (text: string): string => text;

/** Parses one-dimensional arrays whose values hold no comma, quote or brace. */
const listOf =
  <V>(parse: (text: string) => V) =>
  (text: string): (V | null)[] => {
    if (!text.startsWith("{") || text.startsWith("{{")) {
      throw new RangeError("only one-dimensional arrays can be parsed");
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

/** The types of the columns of every query, as `Queryable` lists them, and of arrays of them. */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    (format !== "binary" ? parsers.get(oid) : undefined) ??
    (pg.types.getTypeParser(oid, format as "text") as (
      text: string,
    ) => unknown)) as pg.CustomTypesConfig["getTypeParser"],
};
