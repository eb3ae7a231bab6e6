import type { FastifyInstance } from "fastify";
import type { Lane } from "./lane/lane.ts";
import type { Streams } from "./streams.ts";

export interface DrainLimits {
  /** Time that `close` gives to requests in flight: 10 s. */
  readonly drainMs?: number;
  /** Time in which `close` still accepts requests while `/readyz` answers 503, for load balancers: 0. */
  readonly drainDelayMs?: number;
}

/**
 * Accepts the connections that wait in the kernel's backlog, because closing the listener would reset
 * them. Node accepts one in each turn of the event loop; three turns without one mean an empty backlog.
 * Ends after at most 1 s.
 */
const acceptBacklog = async ({ server }: FastifyInstance): Promise<void> => {
  const untilMs = performance.now() + 1000;
  let hasAccepted = false;
  const note = (): void => {
    hasAccepted = true;
  };
  server.on("connection", note);
  for (let quietTurns = 0; quietTurns < 3 && performance.now() < untilMs; quietTurns += 1) {
    hasAccepted = false;
    await new Promise((resolve) => setImmediate(resolve));
    if (hasAccepted) quietTurns = -1;
  }
  server.off("connection", note);
};

/** Makes `close` report "not ready" at once, end the streams and bound the time of requests in flight. */
export const drainOnClose = (
  server: FastifyInstance,
  limits: DrainLimits,
  served: {
    readonly streams: Streams;
    readonly lane: Lane | null;
    readonly beginDraining: () => void;
  },
): void => {
  const { streams, lane, beginDraining } = served;
  const close = server.close.bind(server) as () => Promise<undefined>;
  let closing: Promise<undefined> | undefined;
  const drain = async (): Promise<undefined> => {
    beginDraining();
    // The client of a request answered from now on sends its next request to another instance.
    server.server.prependListener("request", (_request, response) => {
      response.shouldKeepAlive = false;
    });
    const delayMs = limits.drainDelayMs ?? 0;
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    await acceptBacklog(server);
    streams.endAll();
    const closeAll = (): void => {
      lane?.closeAll();
      server.server.closeAllConnections();
    };
    const timer = setTimeout(closeAll, limits.drainMs ?? 10_000);
    // The connection of a request that was in flight stays open and idle; Node does not end it.
    const closeIdle = (): void => {
      lane?.closeIdle();
      server.server.closeIdleConnections();
    };
    const idle = setInterval(closeIdle, 50);
    try {
      return await close();
    } finally {
      clearInterval(idle);
      clearTimeout(timer);
    }
  };
  server.close = (() => (closing ??= drain())) as typeof server.close;
};
