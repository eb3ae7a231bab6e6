import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Log } from "../log.ts";
import { judgeTrouble } from "./trouble.ts";

/** A store that cannot be had. The message is one line for the person who starts the server. */
export class StoreAway extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = "StoreAway";
  }
}

const connectTimeoutMs = 3_000;
const pauseFirstMs = 250;
const pauseMostMs = 2_000;

/** `host:port/database` of an address: what may be shown of it. */
export const shownAddress = (url: string): string => {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || 5432}${pathname}`;
};

const codeOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";

const known: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "there is no host of that name",
  EAI_AGAIN: "the name of the host cannot be looked up now",
  EHOSTUNREACH: "there is no way to the host",
  ENETUNREACH: "there is no way to the host",
  ETIMEDOUT: "nobody answers",
  ECONNRESET: "the connection was broken off",
  "28P01": "it refuses the password",
  "28000": "it refuses this user",
  "3D000": "it has no such database: create it first",
  "53300": "all of its connections are taken",
  "57P03": "it is starting up or shutting down",
};

/** What is wrong with the way to a store, in a few words. */
export const reasonOf = (error: unknown): string => {
  const code = codeOf(error);
  if (known[code] !== undefined) return `${known[code]} (${code})`;
  const message = error instanceof Error ? error.message.split("\n")[0] : "";
  if (message !== undefined && /timeout/i.test(message)) return "nobody answers in time";
  return message || code || String(error);
};

/** Whether waiting may help: the way or the server, not what it says to who comes. */
const mayPass = (error: unknown): boolean =>
  codeOf(error) === "57P03" || judgeTrouble(error) !== "plain";

const tryOnce = async (url: string, timeoutMs: number): Promise<void> => {
  const client = new pg.Client({
    connectionString: url,
    application_name: "frontrow-start",
    connectionTimeoutMillis: Math.max(1, Math.min(connectTimeoutMs, timeoutMs)),
  });
  // The attempt's own promise tells; a connection that dies later tells nobody.
  client.on("error", () => {});
  try {
    await client.connect();
  } finally {
    void client.end().catch(() => undefined);
  }
};

/**
 * Waits until PostgreSQL takes a connection, as it may be starting at the same time: at most
 * `withinMs`, saying so once. Throws StoreAway when it does not, and at once when waiting is of no use,
 * as with a wrong password.
 */
export const reachDatabase = async (options: {
  readonly url: string;
  readonly withinMs: number;
  readonly log: Log;
}): Promise<void> => {
  const { url, withinMs, log } = options;
  const startedMs = performance.now();
  const left = (): number => withinMs - (performance.now() - startedMs);
  let pauseMs = pauseFirstMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryOnce(url, left());
    } catch (error) {
      const what = `PostgreSQL at ${shownAddress(url)} cannot be reached: ${reasonOf(error)}.`;
      if (!mayPass(error)) throw new StoreAway(`${what} DATABASE_URL says where it is.`, error);
      if (left() <= pauseMs) {
        const waited = `Waited ${Math.round(withinMs / 1000)} s.`;
        throw new StoreAway(`${what} ${waited} DATABASE_URL says where it is.`, error);
      }
      if (attempt === 1) log.warn({ withinMs }, `${what} Waiting for it.`);
      await sleep(pauseMs);
      pauseMs = Math.min(pauseMs * 2, pauseMostMs);
    }
  }
};
