/**
 * One parameter for `unnest`: an array in PostgreSQL's own spelling. Only for values whose spelling
 * needs no quotes: ids, numbers, dates, words of our own. Text of others goes as a JavaScript array,
 * which the driver quotes.
 */
export const plainArray = (values: readonly (string | number | boolean | null)[]): string =>
  `{${values.map((value) => value ?? "NULL").join(",")}}`;
