import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Log } from "../../log.ts";
import { clientBehind } from "../client-address.ts";
import { entryStep, idleSocketTimeoutMs, type FrameworkOptions } from "../fastify.ts";
import type { CompiledRoute } from "../registration.ts";
import { answerBrokenRequest } from "../unrouted.ts";
import { LaneConnection, type ConnectionDeps } from "./connection.ts";
import type { ReadRequest } from "./grammar.ts";
import { laneRoute } from "./lane-route.ts";

/** The connections of the lane, for the end of the server. */
export type Lane = Readonly<Record<"closeIdle" | "closeAll", () => void>>;

/**
 * Puts the fast lane in front of a server of `node:http`: it reads the bytes of each new connection, answers complete
 * requests of hot routes itself, and gives a connection with anything else to the server, for good. A request gets the
 * same answer in both, byte for byte; see ADR 0051. The deadlines of a connection are looked at every 2 s, as there.
 */
export const addLane = (
  server: Server,
  options: {
    readonly read: ReadRequest;
    readonly compiled: readonly CompiledRoute[];
    readonly framework: FrameworkOptions;
    readonly log: Log;
    readonly isDraining: () => boolean;
  },
): Lane => {
  const { read, framework, log, isDraining } = options;
  const { keepAliveMs, requestTimeoutMs, requestId } = framework;
  const listeners = server.listeners("connection") as ((socket: Socket) => void)[];
  server.removeAllListeners("connection");
  const handOver = (socket: Socket): void => {
    for (const listener of listeners) listener.call(server, socket);
    socket.resume();
  };
  const connections = new Set<LaneConnection>();
  const deps: ConnectionDeps = {
    read,
    routes: options.compiled
      .filter(({ route }) => route.isHot === true)
      .map((compiled) => laneRoute(compiled, entryStep(framework), log)),
    terms: { requestId, clientOf: clientBehind(framework.trustProxy), keepAliveMs, isDraining },
    connections,
    handOver,
  };
  server.on("connection", (socket) => {
    if (isDraining()) handOver(socket);
    else new LaneConnection(socket, deps);
  });

  /** For the first byte; for the next event of an answer; for the next request, a little more than clients are told. */
  const idle = keepAliveMs + server.keepAliveTimeoutBuffer;
  const limitsMs = { new: requestTimeoutMs, answering: idleSocketTimeoutMs, idle };
  const endLate = (): void => {
    const nowMs = performance.now();
    for (const { state, sinceMs, socket } of connections) {
      if (nowMs - sinceMs < limitsMs[state]) continue;
      if (state === "new") answerBrokenRequest({ code: "ERR_HTTP_REQUEST_TIMEOUT" }, socket);
      else socket.destroy();
    }
  };
  const timer = setInterval(endLate, Math.min(2000, requestTimeoutMs));
  timer.unref();
  server.once("close", () => clearInterval(timer));
  return {
    closeIdle() {
      for (const connection of connections) {
        if (connection.state === "new") connection.handOver(null);
        else if (connection.state === "idle") connection.socket.destroy();
      }
    },
    closeAll() {
      for (const { socket } of connections) socket.destroy();
    },
  };
};
