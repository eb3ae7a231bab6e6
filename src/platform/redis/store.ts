import { Unavailable } from "#kernel/unavailable.ts";
import { keepConnected, type RedisOptions } from "./keep-connected.ts";
import type { Script } from "./script.ts";

export { scriptOf, type Script } from "./script.ts";

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

const isUnknownScript = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith("NOSCRIPT");

/**
 * Opens a store and returns at once. It connects by itself, and again after every loss. A timeout drops the
 * connection, as does the answer of a server that is no primary any more, and calls throw until a new one has answered: no late reply can be taken for the reply to
 * another command, and a frozen server costs one timeout, not one for each call.
 */
export const openRedis = (options: RedisOptions): RedisStore => {
  const kept = keepConnected(options);

  const send = (words: readonly string[]): Promise<unknown> => {
    const connection = kept.now();
    if (connection !== undefined) return connection.send(words);
    const cause = kept.awayBecause();
    return Promise.reject(new Unavailable("Redis is not connected", { cause }));
  };

  return {
    async run(script, keys, args) {
      const rest = [String(keys.length), ...keys, ...args.map(String)];
      try {
        return await send(["EVALSHA", script.sha, ...rest]);
      } catch (error) {
        // NOSCRIPT says that the script did not run, so sending the source cannot run it twice.
        if (!isUnknownScript(error)) throw error;
      }
      return send(["EVAL", script.source, ...rest]);
    },
    command: send,
    generation: () => kept.generation(),
    runId: () => kept.now()?.server.runId ?? "",
    ready: () => kept.now() !== undefined,
    close: () => kept.close(),
  };
};
