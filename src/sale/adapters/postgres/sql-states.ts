import { Unavailable } from "#kernel/unavailable.ts";

/** Two transactions were in each other's way and this one was ended: the same again may succeed. */
export const lostRace: readonly string[] = ["40P01", "40001"];

/** The row stayed locked for longer than the statement may wait. */
export const lockNotAvailable: readonly string[] = ["55P03"];

/** Whether the trouble is the database's refusal with one of these SQLSTATEs. */
export const hasSqlState = (error: unknown, states: readonly string[]): boolean => {
  const cause = error instanceof Unavailable ? error.cause : error;
  return (
    typeof cause === "object" &&
    cause !== null &&
    "code" in cause &&
    states.includes(String(cause.code))
  );
};
