import { createClient, ErrorReply } from "redis";
import { Unavailable } from "#kernel/unavailable.ts";
import { deadlines, type Deadlines } from "../deadlines.ts";

/** One connection, from made to lost. It never reconnects: a lost one is thrown away. */
export interface RedisConnection {
  /** `run_id` of the server at the other end. */
  readonly runId: string;
  /** Resolves with the reason when the connection is gone, for whatever reason. Never rejects. */
  readonly lost: Promise<Error>;
  /** Sends once. Rejects with Unavailable when the answer is late (the connection is dropped) or lost. */
  send(words: readonly string[]): Promise<unknown>;
  drop(reason: Error): void;
}

interface Pending {
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Commands in flight on one connection; beyond it the server is not keeping up. */
const pendingMax = 10_000;

const openClient = (url: string, connectTimeoutMs: number) =>
  createClient({
    url,
    RESP: 2,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: "disabled",
    commandsQueueMaxLength: pendingMax,
    // The client's own limit is a timer and an aborted signal a command, 9 µs each; `deadlines` has one for all.
    commandOptions: { timeout: 0 },
    socket: { connectTimeout: connectTimeoutMs, reconnectStrategy: false, noDelay: true },
  });

type Client = ReturnType<typeof openClient>;

/** Settles as the work does, or rejects after the time. */
const within = async <T>(ms: number, what: string, work: Promise<T>): Promise<T> => {
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
  if (runId === undefined) throw new Error("the server does not say its run_id");
  return runId;
};

/**
 * Connects, asks which server it is, and only then hands the connection out. Rejects when that takes
 * longer than the time, with nothing left open.
 */
export const connectRedis = async (options: {
  readonly url: string;
  readonly commandTimeoutMs: number;
  readonly connectTimeoutMs: number;
}): Promise<RedisConnection> => {
  const client = openClient(options.url, options.connectTimeoutMs);
  let tellLost: (reason: Error) => void = () => {};
  const lost = new Promise<Error>((resolve) => {
    tellLost = resolve;
  });
  let gone = false;
  const drop = (reason: Error): void => {
    if (gone) return;
    gone = true;
    client.destroy();
    const trouble = new Unavailable("the connection to Redis is lost", { cause: reason });
    for (const { reject } of pending.clear()) reject(trouble);
    tellLost(reason);
  };
  const pending = deadlines<Pending>({
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
    await within(options.connectTimeoutMs, "connect", client.connect());
    const runId = await within(options.connectTimeoutMs, "say its run_id", readRunId(client));
    return { runId, lost, drop, send: sender(client, pending, () => gone) };
  } catch (error) {
    drop(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
};

const sender =
  (client: Client, pending: Deadlines<Pending>, isGone: () => boolean) =>
  (words: readonly string[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (isGone()) return reject(new Unavailable("Redis is away"));
      const entry = pending.add({ resolve, reject });
      client.sendCommand(words as string[]).then(
        (reply) => {
          if (pending.done(entry)) resolve(reply);
        },
        (error: unknown) => {
          if (pending.done(entry)) reject(replyTrouble(error));
        },
      );
    });

/** An error reply is the server's word; anything else is the connection's trouble. */
const replyTrouble = (error: unknown): unknown =>
  error instanceof ErrorReply
    ? error
    : new Unavailable("the connection to Redis failed", { cause: error });
