import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Log } from "../log.ts";
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

const codeOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";

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
  const code = codeOf(error);
  const message = error instanceof Error ? error.message.split("\n")[0] : "";
  if (reasons[code] !== undefined) {
    const sentence = error instanceof pg.DatabaseError ? `: ${message}` : "";
    return `${reasons[code]} (${code})${sentence}`;
  }
  if (message !== undefined && /timeout/i.test(message)) return "no answer in time";
  return message || code || String(error);
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
 * same time. Logs once that it waits.
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
  for (let attempt = 1; ; attempt += 1) {
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
      if (attempt === 1) log.warn({ withinMs }, `${what} Waiting for it.`);
      await sleep(pauseMs);
      pauseMs = Math.min(pauseMs * 2, pauseMaxMs);
    }
  }
};
