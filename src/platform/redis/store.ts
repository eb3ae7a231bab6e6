import { Unavailable } from "#kernel/unavailable.ts";
import type { Log } from "../log.ts";
import { connectRedis, type RedisConnection } from "./connection.ts";
import type { Script } from "./script.ts";

export { loadScript, scriptOf, type Script } from "./script.ts";

/**
 * A connection to Redis (7.0 or later) or Valkey that reconnects by itself.
 *
 * A command is sent at most once. When its answer is lost or late, it is unknown whether the command ran, and
 * the call throws Unavailable. Without a connection every call throws at once; no call waits.
 */
export interface RedisStore {
  /** Runs a script by its digest; sends the source when the server has not cached it. Throws Unavailable. */
  run(
    script: Script,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown>;
  /** Sends one command. Replies are those of RESP 2 (flat arrays). Throws Unavailable. */
  command(words: readonly string[]): Promise<unknown>;
  /** Rises with each (re)connection; 0 while there is no connection. */
  generation(): number;
  /** `run_id` of the connected server; it changes when Redis restarts. "" while there is no connection. */
  runId(): string;
  ready(): boolean;
  /** Closes the connection and stops reconnecting. Calls in flight throw Unavailable. */
  close(): Promise<void>;
}

export interface RedisOptions {
  readonly url: string;
  /** A command that takes longer fails and drops the connection. */
  readonly commandTimeoutMs?: number;
  /** The limit for connecting, and again for reading the run_id. */
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

/** Error replies of a server that cannot serve now; the command itself is valid. */
const unavailableReply =
  /^(LOADING|BUSY|MASTERDOWN|READONLY|OOM|MISCONF|NOREPLICAS|CLUSTERDOWN|TRYAGAIN|UNKILLABLE)\b/;

const portErrorOf = (error: unknown): unknown => {
  if (error instanceof Unavailable) return error;
  return error instanceof Error && unavailableReply.test(error.message)
    ? new Unavailable("Redis cannot serve now", { cause: error })
    : error;
};

const isUnknownScript = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith("NOSCRIPT");

/** A sleep that can be ended early. */
const interruptibleSleep = () => {
  let wake = (): void => {};
  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  return { sleep, wake: () => wake() };
};

/**
 * Opens a store and returns at once. It connects by itself, and again after every loss. A timeout drops the
 * connection, and calls throw until a new one has answered: no late reply can be taken for the reply to
 * another command, and a frozen server costs one timeout, not one for each call.
 */
export const openRedis = (options: RedisOptions): RedisStore => {
  const commandTimeoutMs = options.commandTimeoutMs ?? 300;
  const connectTimeoutMs = options.connectTimeoutMs ?? 1000;
  let connection: RedisConnection | undefined;
  let connectionsMade = 0;
  let closed = false;
  const { sleep, wake } = interruptibleSleep();

  const keepConnected = async (): Promise<void> => {
    let attempt = 0;
    while (!closed) {
      try {
        const made = await connectRedis({ url: options.url, commandTimeoutMs, connectTimeoutMs });
        if (closed) return made.drop(new Error("the store was closed"));
        attempt = 0;
        connectionsMade += 1;
        connection = made;
        options.log.info({ runId: made.runId, generation: connectionsMade }, "Redis is connected");
        options.onReady?.(connectionsMade, made.runId);
        const reason = await made.lost;
        connection = undefined;
        if (!closed) options.log.warn({ err: reason }, "the connection to Redis is lost");
      } catch (error) {
        if (attempt === 0 && !closed) options.log.warn({ err: error }, "Redis cannot be reached");
      }
      if (!closed) await sleep(retryDelayMs(attempt, Math.random()));
      attempt += 1;
    }
  };
  const loop = keepConnected();

  const send = (words: readonly string[]): Promise<unknown> => {
    if (connection === undefined) return Promise.reject(new Unavailable("Redis is not connected"));
    return connection.send(words);
  };

  return {
    async run(script, keys, args) {
      const rest = [String(keys.length), ...keys, ...args.map(String)];
      try {
        return await send(["EVALSHA", script.sha, ...rest]);
      } catch (error) {
        // NOSCRIPT says that the script did not run, so sending the source cannot run it twice.
        if (!isUnknownScript(error)) throw portErrorOf(error);
      }
      try {
        return await send(["EVAL", script.source, ...rest]);
      } catch (error) {
        throw portErrorOf(error);
      }
    },
    async command(words) {
      try {
        return await send(words);
      } catch (error) {
        throw portErrorOf(error);
      }
    },
    generation: () => (connection === undefined ? 0 : connectionsMade),
    runId: () => connection?.runId ?? "",
    ready: () => connection !== undefined,
    async close() {
      closed = true;
      connection?.drop(new Error("the store was closed"));
      connection = undefined;
      wake();
      await loop;
    },
  };
};
