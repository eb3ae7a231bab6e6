import { plainArray } from "./arrays.ts";

/** What a key of the changes stands for. */
export const present = <V>(value: V | undefined): V => {
  if (value === undefined) throw new Error("a change without what it changed");
  return value;
};

/** One column of rows as a parameter for `unnest`. */
export const column = <Row>(
  rows: readonly Row[],
  value: (row: Row) => string | number | boolean | null,
): string => plainArray(rows.map(value));
