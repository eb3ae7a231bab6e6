import { createClient, ErrorReply } from "redis";
import { Unavailable } from "#kernel/unavailable.ts";
import { deadlines, type Deadlines } from "../deadlines.ts";
import {
  fieldsOf,
  objectionsTo,
  readServerFacts,
  RedisRefused,
  type ServerFacts,
} from "./server-facts.ts";

/** One connection. It never reconnects: its owner replaces a lost one. */
export interface RedisConnection {
  /** The connected server, as it was when the connection opened. */
  readonly server: ServerFacts;
  /** Resolves with the reason when the connection is lost or dropped. Never rejects. */
  readonly lost: Promise<Error>;
  /**
   * Sends once. Rejects with Unavailable when the answer is lost, is late, or says that this server cannot
   * serve this client; each of them drops the connection.
   */
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

/** Throws RedisRefused; Unavailable while the server loads its data. */
const inspect = async (client: Client): Promise<ServerFacts> => {
  const server = readServerFacts(fieldsOf(await client.sendCommand<string>(["INFO"])));
  const [objection] = objectionsTo(server);
  if (objection !== undefined) throw new RedisRefused(objection);
  if (server.isLoading) throw new Unavailable("Redis is loading its data");
  return server;
};

/**
 * Connects, asks the server about itself, and returns the connection. When either step takes longer than
 * `connectTimeoutMs`, it closes the connection and rejects. Rejects with RedisRefused when the server is no
 * primary, is in cluster mode, or deletes keys when its memory is full.
 */
export const connectRedis = async (options: {
  readonly url: string;
  readonly commandTimeoutMs: number;
  readonly connectTimeoutMs: number;
}): Promise<RedisConnection> => {
  const client = openClient(options.url, options.connectTimeoutMs);
  const { promise: lost, resolve: resolveLost } = Promise.withResolvers<Error>();
  let dropped: Error | null = null;
  const drop = (reason: Error): void => {
    if (dropped !== null) return;
    dropped = reason;
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
    const server = await withTimeout(options.connectTimeoutMs, "answer INFO", inspect(client));
    return { server, lost, drop, send: sender(client, pending, () => dropped, drop) };
  } catch (error) {
    drop(error instanceof Error ? error : new Error(String(error)));
    throw dropped ?? error; // The socket's own error, when that came first.
  }
};

/**
 * Error replies of a server that is the wrong one now: after a failover, or while it loads its data. A new
 * connection may reach the right one, because a name can stand for another server by then.
 */
const wrongServerReply = /^(READONLY|MASTERDOWN|MOVED|ASK|LOADING|CLUSTERDOWN|NOAUTH)\b/;

const sender =
  (
    client: Client,
    pending: Deadlines<PendingReply>,
    dropped: () => Error | null,
    drop: (reason: Error) => void,
  ) =>
  (words: readonly string[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const cause = dropped();
      if (cause !== null) return reject(new Unavailable("Redis is not connected", { cause }));
      const entry = pending.add({ resolve, reject });
      client.sendCommand(words as string[]).then(
        (reply) => {
          if (pending.done(entry)) resolve(reply);
        },
        (error: unknown) => {
          if (pending.done(entry)) reject(portErrorOf(error));
          if (error instanceof ErrorReply && wrongServerReply.test(error.message)) drop(error);
        },
      );
    });

/** Error replies of a server that cannot serve now; the command itself is valid. */
const unavailableReply =
  /^(BUSY|OOM|MISCONF|NOREPLICAS|TRYAGAIN|UNKILLABLE|NOPERM)\b|^ERR (ACL failure|The user executing)\b/;

/** Any other error reply passes through; any other error means that the connection failed. */
const portErrorOf = (error: unknown): unknown => {
  if (!(error instanceof ErrorReply)) {
    return new Unavailable("the connection to Redis failed", { cause: error });
  }
  return wrongServerReply.test(error.message) || unavailableReply.test(error.message)
    ? new Unavailable("Redis cannot serve now", { cause: error })
    : error;
};
