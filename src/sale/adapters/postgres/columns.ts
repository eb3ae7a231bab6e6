import { plainArray } from "./arrays.ts";

/** The value of a key in the changes. Throws when the state has none: a bug. */
export const present = <V>(value: V | undefined): V => {
  if (value === undefined) throw new Error("a change names a row that the state does not have");
  return value;
};

/** One column of some rows, as a parameter for `unnest`. */
export const column = <Row>(
  rows: readonly Row[],
  value: (row: Row) => string | number | boolean | null,
): string => plainArray(rows.map(value));
