import type { FastifyReply, FastifyRequest } from "fastify";
import type { Log } from "../log.ts";
import type { HttpMeters } from "../metrics.ts";
import type { AddressLimit } from "./address-limit.ts";
import { countedAddress } from "./client-address.ts";
import { sendProblem } from "./refusal.ts";
import type { Traffic } from "./traffic.ts";

/** The limits by address; null: no limit. */
export interface AddressLimits {
  /** Requests on every path. */
  readonly requests: AddressLimit | null;
  /** New accounts. */
  readonly newUsers: AddressLimit | null;
  /** Operator keys that are wrong. */
  readonly failedKeys: AddressLimit | null;
  /** Secret codes that are wrong, also by user. */
  readonly failedCodes: AddressLimit | null;
}

/**
 * Returns a function that warns once, of the first request with `X-Forwarded-For`: without a trusted proxy
 * all clients behind a balancer are one address.
 */
export const warnOfUntrustedProxy = (log: Log): ((request: FastifyRequest) => void) => {
  let hasWarned = false;
  return ({ raw: { headers, socket } }) => {
    if (hasWarned || headers["x-forwarded-for"] === undefined) return;
    hasWarned = true;
    log.warn(
      { peer: socket.remoteAddress },
      "a request has X-Forwarded-For, but TRUST_PROXY names no proxy: all clients behind one count as one address",
    );
  };
};

/** Protects the server from too many requests. */
export interface Gate {
  readonly traffic: Traffic;
  readonly meters: HttpMeters;
  readonly addresses: AddressLimits;
}

export const shedInFlight = (reply: FastifyReply, gate: Gate): void => {
  gate.meters.shed("in-flight");
  sendProblem(reply, { problem: "UNAVAILABLE", detail: "The server is at capacity." }, 1);
};

/** Health checks are counted apart: a node that hides its clients must not make the instance look dead. */
const probes: ReadonlySet<string | undefined> = new Set(["/healthz", "/readyz"]);

/** A proxy may report a text that is no address; then the proxy itself is counted. */
export const countedName = (request: FastifyRequest): string => {
  const peer = request.raw.socket.remoteAddress ?? "";
  return countedAddress(request.ip) ?? countedAddress(peer) ?? peer;
};

/** Refuses a request for its address. */
export const shedAddress = (
  reply: FastifyReply,
  gate: Gate,
  reason: "address" | "new-users" | "failed-keys" | "failed-codes",
  waitSeconds: number,
): void => {
  gate.meters.shed(reason);
  sendProblem(reply, { problem: "RATE_LIMITED" }, waitSeconds);
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
  const { requests } = gate.addresses;
  if (requests === null) return true;
  const name = countedName(request);
  const isProbe = probes.has(request.routeOptions.url);
  const waitSeconds = requests.take(isProbe ? `probe ${name}` : name);
  if (waitSeconds > 0) shedAddress(reply, gate, "address", waitSeconds);
  return waitSeconds === 0;
};
