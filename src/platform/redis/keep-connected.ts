import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../log.ts";
import { reasonOf } from "../reason.ts";
import { connectRedis, type RedisConnection } from "./connection.ts";
import { doubtAbout } from "./server-facts.ts";

export interface RedisOptions {
  readonly url: string;
  /** A command that takes longer fails and drops the connection. */
  readonly commandTimeoutMs?: number;
  /** The limit for connecting, and again for asking the server about itself. */
  readonly connectTimeoutMs?: number;
  /** Called after each (re)connection, before any command of a caller is sent on it. */
  readonly onReady?: (generation: number, runId: string) => void;
  readonly log: Log;
}

const retryMinMs = 20;
const retryMaxMs = 1000;

/** Doubles from 20 ms to 1 s. A random half of it keeps instances from reconnecting at the same moment. */
export const retryDelayMs = (attempt: number, random: number): number => {
  const fullMs = Math.min(retryMaxMs, retryMinMs * 2 ** Math.min(attempt, 10));
  return Math.round(fullMs / 2 + (fullMs / 2) * random);
};

/** The present connection of a store that reconnects by itself. */
export interface KeptConnection {
  /** Undefined while there is none. */
  now(): RedisConnection | undefined;
  /** Why there is none; undefined during the first attempt. */
  awayBecause(): unknown;
  /** Rises with each (re)connection; 0 while there is none. */
  generation(): number;
  close(): Promise<void>;
}

/** Connects, and again after every loss, until it is closed. The log tells each new reason for being away. */
export const keepConnected = (options: RedisOptions): KeptConnection => {
  const commandTimeoutMs = options.commandTimeoutMs ?? 300;
  const connectTimeoutMs = options.connectTimeoutMs ?? 1000;
  let connection: RedisConnection | undefined;
  let connectionsMade = 0;
  let closed = false;
  let away: unknown;
  let logged = "";
  const closing = new AbortController();

  const lose = (error: unknown): void => {
    connection = undefined;
    away = error;
    const reason = reasonOf(error);
    if (!closed && reason !== logged) options.log.warn({ reason }, "Redis cannot be used");
    logged = reason;
  };
  const begin = (made: RedisConnection): void => {
    logged = "";
    connectionsMade += 1;
    connection = made;
    const { runId } = made.server;
    options.log.info({ runId, generation: connectionsMade }, "Redis is connected");
    const doubt = doubtAbout(made.server);
    if (doubt !== null) options.log.warn({}, `Redis may lose keys: ${doubt.fact}; ${doubt.fix}`);
    options.onReady?.(connectionsMade, runId);
  };
  const repeat = async (): Promise<void> => {
    let attempt = 0;
    while (!closed) {
      try {
        const made = await connectRedis({ url: options.url, commandTimeoutMs, connectTimeoutMs });
        if (closed) return made.drop(new Error("the store was closed"));
        begin(made);
        const sinceMs = performance.now();
        lose(await made.lost);
        // A server that accepts each connection and serves none is not asked at once again.
        if (performance.now() - sinceMs > retryMaxMs) attempt = 0;
      } catch (error) {
        lose(error);
      }
      const delayMs = retryDelayMs(attempt, Math.random());
      // Closing ends the pause.
      await sleep(delayMs, undefined, { signal: closing.signal }).catch(() => undefined);
      attempt += 1;
    }
  };
  const repeating = repeat();

  return {
    now: () => connection,
    awayBecause: () => away,
    generation: () => (connection === undefined ? 0 : connectionsMade),
    async close() {
      closed = true;
      connection?.drop(new Error("the store was closed"));
      connection = undefined;
      closing.abort();
      await repeating;
    },
  };
};
