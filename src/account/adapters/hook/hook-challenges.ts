import { Unavailable } from "#kernel/unavailable.ts";
import type { Challenges } from "../../ports/challenges.ts";

export interface HookChallengesOptions {
  readonly url: string;
  /** The time limit of one call; a 503 must be answered within 3,000 ms. */
  readonly timeoutMs?: number;
  /** The most calls in flight. */
  readonly callsMax?: number;
}

const refusedStatus = 403;

/**
 * Asks an HTTP check of the operator for each account and each new place. It gets the request as JSON, with
 * the client's response or null: a check may also decide without one.
 *
 * A status of 200 to 299 passes, 403 does not. Everything else throws Unavailable: another status, a redirect, no
 * answer within `timeoutMs`, and a call beyond `callsMax`. So no user gets in while the check is away.
 */
export const hookChallenges = (options: HookChallengesOptions): Challenges => {
  const { url, timeoutMs = 1_500, callsMax = 100 } = options;
  let calls = 0;

  const ask = async (body: unknown): Promise<number> => {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    });
    // The body says nothing that counts; without this the connection would wait for it to be read.
    await answer.body?.cancel();
    return answer.status;
  };

  return {
    issue: async () => ({ kind: "hook" }),
    async passes(response, { kind: action, ...ids }) {
      if (calls >= callsMax) throw new Unavailable("too many calls of CHALLENGE_HOOK_URL run");
      calls += 1;
      try {
        const status = await ask({ action, response, ...ids });
        if (status >= 200 && status < 300) return true;
        if (status === refusedStatus) return false;
        throw new Unavailable(`CHALLENGE_HOOK_URL answers ${status}`);
      } catch (error) {
        if (error instanceof Unavailable) throw error;
        throw new Unavailable("CHALLENGE_HOOK_URL does not answer", { cause: error });
      } finally {
        calls -= 1;
      }
    },
  };
};
