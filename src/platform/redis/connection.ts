import { createClient, ErrorReply } from "redis";
import { Unavailable } from "#kernel/unavailable.ts";
import { deadlines, type Deadlines } from "../deadlines.ts";

/** One connection. It never reconnects: its owner replaces a lost one. */
export interface RedisConnection {
  /** `run_id` of the connected server. */
  readonly runId: string;
  /** Resolves with the reason when the connection is lost or dropped. Never rejects. */
  readonly lost: Promise<Error>;
  /** Sends once. Rejects with Unavailable when the answer is lost, or late (which drops the connection). */
  send(words: readonly string[]): Promise<unknown>;
  drop(reason: Error): void;
}

interface PendingReply {
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Commands in flight on one connection; beyond it the client refuses more. */
const pendingMax = 10_000;

const openClient = (url: string, connectTimeoutMs: number) =>
  createClient({
    url,
    RESP: 2,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: "disabled",
    commandsQueueMaxLength: pendingMax,
    // The client's own limit costs a timer and an abort signal a command, 9 µs; `deadlines` has one timer.
    commandOptions: { timeout: 0 },
    socket: { connectTimeout: connectTimeoutMs, reconnectStrategy: false, noDelay: true },
  });

type Client = ReturnType<typeof openClient>;

/** Settles as the work does; after `ms` it rejects with Unavailable. */
const withTimeout = async <T>(ms: number, what: string, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Unavailable(`Redis did not ${what} in ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

const readRunId = async (client: Client): Promise<string> => {
  const answer = await client.sendCommand<string>(["INFO", "server"]);
  const runId = /^run_id:(\w+)/m.exec(answer)?.[1];
  if (runId === undefined) throw new Error("the server does not report its run_id");
  return runId;
};

/**
 * Connects, reads the run_id of the server, and returns the connection. When either step takes longer than
 * `connectTimeoutMs`, it closes the connection and rejects.
 */
export const connectRedis = async (options: {
  readonly url: string;
  readonly commandTimeoutMs: number;
  readonly connectTimeoutMs: number;
}): Promise<RedisConnection> => {
  const client = openClient(options.url, options.connectTimeoutMs);
  const { promise: lost, resolve: resolveLost } = Promise.withResolvers<Error>();
  let dropped = false;
  const drop = (reason: Error): void => {
    if (dropped) return;
    dropped = true;
    client.destroy();
    const error = new Unavailable("the connection to Redis is lost", { cause: reason });
    for (const { reject } of pending.clear()) reject(error);
    resolveLost(reason);
  };
  const pending = deadlines<PendingReply>({
    afterMs: options.commandTimeoutMs,
    nowMs: () => performance.now(),
    onLate: (late) => {
      const reason = new Error(`a command took longer than ${options.commandTimeoutMs} ms`);
      late.reject(new Unavailable("Redis did not answer in time", { cause: reason }));
      drop(reason);
    },
  });
  client.on("error", drop);
  client.on("end", () => drop(new Error("the connection has ended")));

  try {
    await withTimeout(options.connectTimeoutMs, "connect", client.connect());
    const runId = await withTimeout(
      options.connectTimeoutMs,
      "report its run_id",
      readRunId(client),
    );
    return { runId, lost, drop, send: sender(client, pending, () => dropped) };
  } catch (error) {
    drop(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
};

const sender =
  (client: Client, pending: Deadlines<PendingReply>, isDropped: () => boolean) =>
  (words: readonly string[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (isDropped()) return reject(new Unavailable("Redis is not connected"));
      const entry = pending.add({ resolve, reject });
      client.sendCommand(words as string[]).then(
        (reply) => {
          if (pending.done(entry)) resolve(reply);
        },
        (error: unknown) => {
          if (pending.done(entry)) reject(portErrorOf(error));
        },
      );
    });

/** An error reply passes through; any other error means that the connection failed. */
const portErrorOf = (error: unknown): unknown =>
  error instanceof ErrorReply
    ? error
    : new Unavailable("the connection to Redis failed", { cause: error });
