import type { FastifyReply, FastifyRequest } from "fastify";
import type { Log } from "../log.ts";
import { readBearer } from "./bearer.ts";
import { countedName, shedAddress, type Gate } from "./gate.ts";

/** Slows down a client that tries operator keys. */
export interface FailedKeys {
  /**
   * Sends 429 and returns true while the address of the request has too many failed keys. The key of the
   * request is not judged then, so that a guess tells the client nothing.
   */
  refuse(request: FastifyRequest, reply: FastifyReply): boolean;
  /** Logs and counts a request with a wrong key. A request without a key is no guess. */
  failed(request: FastifyRequest): void;
}

export const failedKeys = (gate: Gate, log: Log): FailedKeys => {
  const limit = gate.addresses.failedKeys;
  return {
    refuse(request, reply) {
      const waitSeconds = limit?.waitSeconds(countedName(request)) ?? 0;
      if (waitSeconds > 0) shedAddress(reply, gate, "failed-keys", waitSeconds);
      return waitSeconds > 0;
    },
    failed(request) {
      const { headers, method, url } = request.raw;
      if (readBearer(headers.authorization) === null) return;
      const address = countedName(request);
      limit?.take(address);
      gate.meters.keyFailed();
      log.warn({ address, requestId: request.id, method, url }, "an operator key is wrong");
    },
  };
};
