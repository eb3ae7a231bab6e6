import type { FastifyReply, FastifyRequest } from "fastify";
import type { HttpMeters } from "../metrics.ts";
import type { AddressLimit } from "./address-limit.ts";
import { countedAddress } from "./client-address.ts";
import { sendProblem } from "./refusal.ts";
import type { Traffic } from "./traffic.ts";

/** Protects the server from too many requests. */
export interface Gate {
  readonly traffic: Traffic;
  readonly meters: HttpMeters;
  readonly addresses: AddressLimit | null;
}

export const shedInFlight = (reply: FastifyReply, gate: Gate): void => {
  gate.meters.shed("in-flight");
  sendProblem(reply, { problem: "UNAVAILABLE", detail: "The server is at capacity." }, 1);
};

/** Health checks are counted apart: a node that hides its clients must not make the instance look dead. */
const probes: ReadonlySet<string | undefined> = new Set(["/healthz", "/readyz"]);

/** A proxy may report a text that is no address; then the proxy itself is counted. */
const countedName = (request: FastifyRequest): string => {
  const peer = request.raw.socket.remoteAddress ?? "";
  const name = countedAddress(request.ip) ?? countedAddress(peer) ?? peer;
  return probes.has(request.routeOptions.url) ? `probe ${name}` : name;
};

/**
 * Counts a request, whatever its path, at its connection and its address. Sends the refusal and returns
 * false when one of them is over its bound.
 */
export const admit = (gate: Gate, request: FastifyRequest, reply: FastifyReply): boolean => {
  if (!gate.traffic.arrive(request.raw, reply.raw)) {
    shedInFlight(reply, gate);
    return false;
  }
  const waitSeconds = gate.addresses?.take(countedName(request)) ?? 0;
  if (waitSeconds === 0) return true;
  gate.meters.shed("address");
  sendProblem(reply, { problem: "RATE_LIMITED" }, waitSeconds);
  return false;
};
