import type { FastifyReply, FastifyRequest } from "fastify";
import { countedName, shedAddress, type Gate } from "./gate.ts";

/** Slows down a client that tries secret codes, such as claim codes: by its address and by its user. */
export interface FailedCodes {
  /**
   * Sends 429 and returns true while the address or the user of the request has too many wrong codes. The code of the
   * request is not judged then, so that a guess tells the client nothing.
   */
  refuse(request: FastifyRequest, reply: FastifyReply): boolean;
  /** Counts a request with a wrong code. */
  failed(request: FastifyRequest): void;
}

const namesOf = (request: FastifyRequest): readonly string[] => {
  const { caller } = request;
  return [countedName(request), ...(caller.kind === "user" ? [`user ${caller.userId}`] : [])];
};

export const failedCodes = (gate: Gate): FailedCodes => {
  const limit = gate.addresses.failedCodes;
  return {
    refuse(request, reply) {
      if (limit === null) return false;
      const waitSeconds = Math.max(...namesOf(request).map((name) => limit.waitSeconds(name)));
      if (waitSeconds > 0) shedAddress(reply, gate, "failed-codes", waitSeconds);
      return waitSeconds > 0;
    },
    failed(request) {
      for (const name of namesOf(request)) limit?.take(name);
    },
  };
};
