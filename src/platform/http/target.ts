/** Returns the path of a request target as the router reads it: without scheme, host, query and fragment. */
export const pathOf = (target: string): string =>
  target.replace(/^https?:\/\/[^/]*/i, "").split(/[?#]/)[0] ?? "";
