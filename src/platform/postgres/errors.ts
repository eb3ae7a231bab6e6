import pg from "pg";
import { Unavailable } from "#kernel/unavailable.ts";
import { codeOf } from "../reason.ts";

/**
 * The answer to a COMMIT, or to a statement outside a transaction, did not arrive: it may have taken effect.
 * A caller that retries with the same ids or the same key learns the outcome.
 */
export class CommitUnknown extends Unavailable {
  constructor(cause: unknown) {
    super("the database did not say whether it committed", { cause });
    this.name = "CommitUnknown";
  }
}

/** SQLSTATEs of a refusal after which a retry may succeed; the statement changed nothing. */
const transientStates = /^(57014|55P03|25P03|25006|40001|40P01|53...|57P04)$/;
/** SQLSTATEs after which the connection cannot be used: the server or the connection ended. */
const connectionLostStates = /^(08...|57P0[1235]|58...)$/;

const socketErrors = /^(E[A-Z_]+|ERR_STREAM_DESTROYED|ERR_SOCKET_CLOSED)$/;
const driverMessages =
  /^(Connection terminated|Connection ended|Client has encountered|Client was closed|timeout exceeded|timeout expired|Cannot use a pool after|The server does not support SSL)/;

/**
 * Classifies an error of the driver:
 * - "transient"        the server refused the statement for now,
 * - "connection-lost"  the connection failed, so the effect of the statement is unknown,
 * - "permanent"        any other error; a retry would fail again.
 */
export const classifyError = (error: unknown): "transient" | "connection-lost" | "permanent" => {
  const code = codeOf(error);
  if (error instanceof pg.DatabaseError) {
    if (transientStates.test(code)) return "transient";
    return connectionLostStates.test(code) ? "connection-lost" : "permanent";
  }
  if (socketErrors.test(code)) return "connection-lost";
  if (error instanceof Error && driverMessages.test(error.message)) return "connection-lost";
  return "permanent";
};
