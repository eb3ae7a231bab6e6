import { MigrationRefused } from "#platform/postgres/migrate.ts";
import { codeOf } from "#platform/reason.ts";
import { DatabaseUnreachable } from "#platform/postgres/wait-for-database.ts";
import { UnusableRedis } from "./check-redis.ts";
import { ConfigError } from "./config.ts";

/** The text for the operator about a failed start. Only an unexpected error has its stack trace. */
export const explainStartError = (error: unknown): string => {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof DatabaseUnreachable || error instanceof UnusableRedis) return error.message;
  if (error instanceof MigrationRefused) return `The schema is not ready: ${error.message}.`;
  if (codeOf(error) === "EADDRINUSE") {
    const { port } = error as NodeJS.ErrnoException & { readonly port?: number };
    const name = String(port) === process.env["OPS_PORT"] ? "OPS_PORT" : "PORT";
    return `${String(error)}\nSet ${name} to a free port; 0 takes any.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};
