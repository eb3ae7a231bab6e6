import { StoreAway } from "#platform/postgres/reach.ts";
import { ConfigFault } from "./config.ts";

const codeOf = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? error.code : undefined;

/** Why a start has failed, for the person at the terminal: a trace only where nobody foresaw it. */
export const explainStartError = (error: unknown): string => {
  if (error instanceof ConfigFault || error instanceof StoreAway) return error.message;
  if (codeOf(error) === "EADDRINUSE")
    return `${String(error)}\nSet PORT to a free one; 0 takes any.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};
