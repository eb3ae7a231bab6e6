import { Unavailable } from "#kernel/unavailable.ts";
import type { Log } from "../log.ts";
import { connectRedis, type RedisConnection } from "./connection.ts";
import type { Script } from "./script.ts";

export { loadScript, scriptOf, type Script } from "./script.ts";

/**
 * One connection to Redis (7.0 or later) or Valkey that heals itself.
 *
 * A command is sent at most once: when its answer is lost or late, whether it ran is unknown and the
 * caller is told Unavailable. While there is no connection every call fails at once, nothing queues.
 */
export interface RedisStore {
  /** Runs a script by its digest; sends the source when the server does not know it. Throws Unavailable. */
  run(
    script: Script,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown>;
  /** One command by its words; replies as in RESP 2 (flat arrays). Throws Unavailable. */
  command(words: readonly string[]): Promise<unknown>;
  /** Rises at each (re)connection; 0 while there is none. */
  generation(): number;
  /** `run_id` of the connected server: another one is another life of the store. "" while there is none. */
  runId(): string;
  ready(): boolean;
  /** Ends the connection and the attempts to make one. Calls in flight fail. */
  close(): Promise<void>;
}

export interface RedisOptions {
  readonly url: string;
  /** A command that takes longer fails, and with it the connection. */
  readonly commandTimeoutMs?: number;
  /** For the connection to be made and to say which server it is. */
  readonly connectTimeoutMs?: number;
  /** Told after each (re)connection, before any caller's command could be sent on it. */
  readonly onReady?: (generation: number, runId: string) => void;
  readonly log: Log;
}

const retryFirstMs = 20;
const retryMostMs = 1000;

/** Doubles from 20 ms to at most 1 s; a random half of it, so that instances do not come back in step. */
export const retryDelayMs = (attempt: number, random: number): number => {
  const fullMs = Math.min(retryMostMs, retryFirstMs * 2 ** Math.min(attempt, 10));
  return Math.round(fullMs / 2 + (fullMs / 2) * random);
};

/** Replies that say the server cannot serve now, though nothing is wrong with the command. */
const awayReply =
  /^(LOADING|BUSY|MASTERDOWN|READONLY|OOM|MISCONF|NOREPLICAS|CLUSTERDOWN|TRYAGAIN|UNKILLABLE)\b/;

const asTrouble = (error: unknown): unknown => {
  if (error instanceof Unavailable) return error;
  return error instanceof Error && awayReply.test(error.message)
    ? new Unavailable("Redis cannot serve now", { cause: error })
    : error;
};

const isUnknownScript = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith("NOSCRIPT");

/** A wait that can be cut short. */
const napper = () => {
  let wake = (): void => {};
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  return { pause, wake: () => wake() };
};

/**
 * Opens a store and returns at once; it becomes ready by itself, and again after every loss. After a
 * timeout it is away until a new connection has answered, so that no late reply is ever taken for
 * another's and a frozen server costs one timeout, not one a call.
 */
export const openRedis = (options: RedisOptions): RedisStore => {
  const commandTimeoutMs = options.commandTimeoutMs ?? 300;
  const connectTimeoutMs = options.connectTimeoutMs ?? 1000;
  let connection: RedisConnection | undefined;
  let connectionsMade = 0;
  let closed = false;
  const nap = napper();

  const keepConnected = async (): Promise<void> => {
    let attempt = 0;
    while (!closed) {
      try {
        const made = await connectRedis({ url: options.url, commandTimeoutMs, connectTimeoutMs });
        if (closed) return made.drop(new Error("the store was closed"));
        attempt = 0;
        connectionsMade += 1;
        connection = made;
        options.log.info({ runId: made.runId, generation: connectionsMade }, "redis is connected");
        options.onReady?.(connectionsMade, made.runId);
        const reason = await made.lost;
        connection = undefined;
        if (!closed) options.log.warn({ err: reason }, "redis connection is lost");
      } catch (error) {
        if (attempt === 0 && !closed) options.log.warn({ err: error }, "redis is away");
      }
      if (!closed) await nap.pause(retryDelayMs(attempt, Math.random()));
      attempt += 1;
    }
  };
  const loop = keepConnected();

  const send = (words: readonly string[]): Promise<unknown> => {
    if (connection === undefined) return Promise.reject(new Unavailable("Redis is away"));
    return connection.send(words);
  };

  return {
    async run(script, keys, args) {
      const rest = [String(keys.length), ...keys, ...args.map(String)];
      try {
        return await send(["EVALSHA", script.sha, ...rest]);
      } catch (error) {
        // The server answered that it did not run it, so sending it again cannot run it twice.
        if (!isUnknownScript(error)) throw asTrouble(error);
      }
      try {
        return await send(["EVAL", script.source, ...rest]);
      } catch (error) {
        throw asTrouble(error);
      }
    },
    async command(words) {
      try {
        return await send(words);
      } catch (error) {
        throw asTrouble(error);
      }
    },
    generation: () => (connection === undefined ? 0 : connectionsMade),
    runId: () => connection?.runId ?? "",
    ready: () => connection !== undefined,
    async close() {
      closed = true;
      connection?.drop(new Error("the store was closed"));
      connection = undefined;
      nap.wake();
      await loop;
    },
  };
};
