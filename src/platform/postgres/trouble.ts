import pg from "pg";
import { Unavailable } from "#kernel/unavailable.ts";

/**
 * A statement that may have taken effect was sent and its answer never came: a COMMIT, or a statement
 * on its own. Whoever asks again with the same ids or key finds out.
 */
export class CommitUnknown extends Unavailable {
  constructor(cause: unknown) {
    super("the database did not say whether it committed", { cause });
    this.name = "CommitUnknown";
  }
}

/** Refused by the server for now: nothing was changed. */
const refusedForNow = /^(57014|55P03|25P03|25006|40001|40P01|53...|57P04)$/;
/** The server or the connection went away in the middle. */
const wentAway = /^(08...|57P0[1235]|58...)$/;

const socketTrouble = /^(E[A-Z_]+|ERR_STREAM_DESTROYED|ERR_SOCKET_CLOSED)$/;
const clientTrouble =
  /^(Connection terminated|Connection ended|Client has encountered|Client was closed|timeout exceeded|timeout expired|Cannot use a pool after|The server does not support SSL)/;

const codeOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";

/** What kind of trouble an error of the driver is: passing refusal, lost connection, or a plain error. */
export const judgeTrouble = (error: unknown): "refused" | "lost" | "plain" => {
  const code = codeOf(error);
  if (error instanceof pg.DatabaseError) {
    if (refusedForNow.test(code)) return "refused";
    return wentAway.test(code) ? "lost" : "plain";
  }
  if (socketTrouble.test(code)) return "lost";
  if (error instanceof Error && clientTrouble.test(error.message)) return "lost";
  return "plain";
};
