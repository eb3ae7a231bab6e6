import { MigrationRefused } from "#platform/postgres/migrate.ts";
import { DatabaseUnreachable } from "#platform/postgres/wait-for-database.ts";
import { ConfigError } from "./config.ts";

const codeOf = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? error.code : undefined;

/** The text for the operator about a failed start. Only an unexpected error has its stack trace. */
export const explainStartError = (error: unknown): string => {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof DatabaseUnreachable) return error.message;
  if (error instanceof MigrationRefused) return `The schema is not ready: ${error.message}.`;
  if (codeOf(error) === "EADDRINUSE")
    return `${String(error)}\nSet PORT to a free port; 0 takes any.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};
