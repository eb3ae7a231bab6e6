import { Unavailable } from "#kernel/unavailable.ts";

/** Returns the error below the layers of Unavailable: that of the store or of its driver. */
const causeOf = (error: unknown): unknown =>
  error instanceof Unavailable && error.cause !== undefined ? causeOf(error.cause) : error;

/** The code of an error: a SQLSTATE, or the code of Node; empty when it has none. */
export const codeOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";

/** Whether the text is the server's own: the driver of PostgreSQL gives such an error a severity. */
const isFromServer = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "severity" in error;

/** Redis quotes the arguments of a command that it does not know: those of AUTH have the password. */
const quotedArguments = /, with args beginning with:.*$/;

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "no server listens there",
  ENOTFOUND: "the host name does not exist",
  EAI_AGAIN: "the host name cannot be resolved now",
  EHOSTUNREACH: "the host is unreachable",
  ENETUNREACH: "the network is unreachable",
  ETIMEDOUT: "the host does not answer",
  ECONNRESET: "the connection was reset",
  "28P01": "the server refuses the password",
  "28000": "the server refuses this user",
  "3D000": "the database does not exist: create it first",
  "53300": "all connections of the server are in use",
  "57P03": "the server is starting up or shutting down",
};

/** Says in one line why a store cannot be used, with the server's own sentence where it sent one. */
export const reasonOf = (error: unknown): string => {
  const cause = causeOf(error);
  const code = codeOf(cause);
  const said = cause instanceof Error ? cause.message.split("\n")[0] : "";
  const message = said?.replace(quotedArguments, "");
  if (reasons[code] !== undefined) {
    return `${reasons[code]} (${code})${isFromServer(cause) ? `: ${message}` : ""}`;
  }
  if (message !== undefined && /timeout/i.test(message)) return "no answer in time";
  return message || code || String(cause);
};
