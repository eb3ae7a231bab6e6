import type { Server } from "node:http";
import type { Log } from "../../log.ts";
import { clientBehind, proxyCheck } from "../client-address.ts";
import { idleSocketTimeoutMs, setStandardHeaders, type FrameworkOptions } from "../fastify.ts";
import type { CompiledRoute, Step } from "../registration.ts";
import type { ReadRequest } from "./grammar.ts";
import { laneRoute } from "./lane-route.ts";
import { addLane, type Lane } from "./lane.ts";

const clientIpOf = (trustProxy: FrameworkOptions["trustProxy"]) => {
  const isTrusted = typeof trustProxy === "boolean" ? () => trustProxy : proxyCheck(trustProxy);
  return (peer = "", forwardedFor?: string): string =>
    trustProxy === false ? peer : clientBehind(isTrusted, peer, forwardedFor);
};

/** Puts the fast lane with the hot ones of the routes in front of a server; see `addLane`. */
export const fastLane = (
  server: Server,
  options: {
    readonly read: ReadRequest;
    readonly compiled: readonly CompiledRoute[];
    readonly framework: FrameworkOptions;
    readonly log: Log;
    readonly isDraining: () => boolean;
  },
): Lane => {
  const { framework, log, isDraining } = options;
  const entry: Step = (request, reply, done) => {
    setStandardHeaders(reply);
    if (framework.admit(request, reply)) done();
  };
  return addLane(server, {
    read: options.read,
    routes: options.compiled
      .filter(({ route }) => route.isHot === true)
      .map((compiled) => laneRoute(compiled, entry, { log })),
    terms: {
      clientIp: clientIpOf(framework.trustProxy),
      keepAliveMs: framework.keepAliveMs,
      isDraining,
    },
    requestId: framework.requestId,
    requestTimeoutMs: framework.requestTimeoutMs,
    idleSocketTimeoutMs,
  });
};
