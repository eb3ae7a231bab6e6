import { Unavailable } from "#kernel/unavailable.ts";
import { codeOf } from "#platform/reason.ts";

/** deadlock_detected, serialization_failure: the same transaction may succeed when it runs again. */
export const serializationFailure: readonly string[] = ["40P01", "40001"];

/** lock_not_available: the row stayed locked for longer than `lock_timeout`. */
export const lockNotAvailable: readonly string[] = ["55P03"];

/** Whether the error, or the cause of an Unavailable, is a database error with one of these SQLSTATEs. */
export const hasSqlState = (error: unknown, states: readonly string[]): boolean =>
  states.includes(codeOf(error instanceof Unavailable ? error.cause : error));
