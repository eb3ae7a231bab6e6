import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";
import { LaneConnection, type ConnectionDeps } from "./connection.ts";
import type { LaneTerms } from "./exchange.ts";
import type { ReadRequest } from "./grammar.ts";
import type { LaneRoute } from "./lane-route.ts";

export interface LaneOptions {
  readonly read: ReadRequest;
  readonly routes: readonly LaneRoute[];
  readonly terms: LaneTerms;
  readonly requestId: (request: Pick<IncomingMessage, "headers">) => string;
  /** Time for the first byte of a connection. */
  readonly requestTimeoutMs: number;
  /** Time in which nothing happens while an answer is made or sent. */
  readonly idleSocketTimeoutMs: number;
}

/** The connections of the lane, for the end of the server. */
export interface Lane {
  closeIdle(): void;
  closeAll(): void;
}

/**
 * Puts the fast lane in front of a server of `node:http`: it reads the bytes of each new connection, answers complete
 * requests of hot routes itself, and gives a connection with anything else to the server, for good. A request gets the
 * same answer in both, byte for byte; see ADR 0051. The deadlines of a connection are looked at every 2 s, as there.
 */
export const addLane = (server: Server, options: LaneOptions): Lane => {
  const listeners = server.listeners("connection") as ((socket: Socket) => void)[];
  server.removeAllListeners("connection");
  const connections = new Set<LaneConnection>();
  const { keepAliveMs } = options.terms;
  const nowMs = () => performance.now();
  const giveTo = (socket: Socket): void => {
    for (const listener of listeners) listener.call(server, socket);
  };
  const deps: ConnectionDeps = {
    read: options.read,
    routes: options.routes,
    terms: options.terms,
    requestId: (headers) => options.requestId({ headers }),
    handOver(socket) {
      giveTo(socket);
      socket.resume();
    },
    left: (connection) => void connections.delete(connection),
    nowMs,
  };
  server.on("connection", (socket) => {
    if (options.terms.isDraining()) giveTo(socket);
    else connections.add(new LaneConnection(socket, deps));
  });

  const limitsMs = {
    new: options.requestTimeoutMs,
    answering: options.idleSocketTimeoutMs,
    idle: keepAliveMs,
  };
  const endLate = (): void => {
    const now = nowMs();
    for (const connection of connections) {
      const { state, sinceMs } = connection;
      if (now - sinceMs < limitsMs[state]) continue;
      if (state === "new") connection.answerLate();
      else connection.destroy();
    }
  };
  const timer = setInterval(endLate, Math.min(2000, options.requestTimeoutMs));
  timer.unref();
  server.once("close", () => clearInterval(timer));
  return {
    closeIdle() {
      for (const connection of connections) {
        if (connection.state === "new") connection.release();
        else if (connection.state === "idle") connection.destroy();
      }
    },
    closeAll() {
      for (const connection of connections) connection.destroy();
    },
  };
};
