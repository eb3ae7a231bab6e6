/**
 * One parameter for `unnest`: an array in PostgreSQL's text format. Only for values that need no quotes: ids,
 * numbers, dates, constants. Text from clients is passed as a JavaScript array, which the driver quotes.
 */
export const plainArray = (values: readonly (string | number | boolean | null)[]): string =>
  `{${values.map((value) => value ?? "NULL").join(",")}}`;
