import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Log } from "../log.ts";
import { codeOf, reasonOf } from "../reason.ts";
import { classifyError } from "./errors.ts";
import { detectPooler } from "./session.ts";

/** PostgreSQL cannot be reached or used. The message is one line for the operator. */
export class DatabaseUnreachable extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = "DatabaseUnreachable";
  }
}

const connectTimeoutMs = 3_000;
const pauseMinMs = 250;
const pauseMaxMs = 2_000;

/** Returns `host:port/database` of a URL, without the user and the password. */
export const displayAddress = (url: string): string => {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || 5432}${pathname}`;
};

/** Whether a later try may succeed. A refused password, for example, stays refused. */
const isTransient = (error: unknown): boolean =>
  codeOf(error) === "57P03" || classifyError(error) !== "permanent";

const tryOnce = async (url: string, timeoutMs: number): Promise<void> => {
  const client = new pg.Client({
    connectionString: url,
    application_name: "frontrow-start",
    connectionTimeoutMillis: Math.max(1, Math.min(connectTimeoutMs, timeoutMs)),
  });
  // `connect` rejects with the error; an error after it concerns no caller.
  client.on("error", () => {});
  // A pooler accepts a connection also while its server does not answer.
  const late = setTimeout(() => void client.end().catch(() => undefined), Math.max(1, timeoutMs));
  try {
    await client.connect();
    await detectPooler(client);
  } finally {
    clearTimeout(late);
    void client.end().catch(() => undefined);
  }
};

/**
 * Waits until PostgreSQL accepts a connection and a transaction, at most `withinMs`: it may be starting at the
 * same time. Logs that it waits, once for each reason.
 *
 * Throws DatabaseUnreachable at the end of that time, and at once when waiting cannot help, as for a wrong
 * password or a pooler in statement mode.
 */
export const waitForDatabase = async (options: {
  readonly url: string;
  readonly withinMs: number;
  readonly log: Log;
}): Promise<void> => {
  const { url, withinMs, log } = options;
  const startedMs = performance.now();
  const left = (): number => withinMs - (performance.now() - startedMs);
  let pauseMs = pauseMinMs;
  let logged = "";
  for (;;) {
    try {
      return await tryOnce(url, left());
    } catch (error) {
      const what = `PostgreSQL at ${displayAddress(url)} cannot be reached: ${reasonOf(error)}.`;
      if (!isTransient(error))
        throw new DatabaseUnreachable(`${what} DATABASE_URL says where it is.`, error);
      if (left() <= pauseMs) {
        const waited = `Waited ${Math.round(withinMs / 1000)} s.`;
        throw new DatabaseUnreachable(`${what} ${waited} DATABASE_URL says where it is.`, error);
      }
      if (what !== logged) log.warn({ withinMs }, `${what} Waiting for it.`);
      logged = what;
      await sleep(pauseMs);
      pauseMs = Math.min(pauseMs * 2, pauseMaxMs);
    }
  }
};
