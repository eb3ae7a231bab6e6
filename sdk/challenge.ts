import type { Result } from "./client.ts";

const triesMax = 3;

/**
 * Sends a request that the operator may have put behind a challenge. `answer` gets a challenge, solves it and
 * returns the `Challenge-Response`; null ends the request with the refusal. A response passes once, so every
 * try after CHALLENGE_REQUIRED has a new one. Sends at most three times.
 *
 * `isExpected`: answers a challenge before the first try too.
 */
export const withChallenge = async <Value, Code extends string>(
  send: (challengeResponse: string | null) => Promise<Result<Value, Code>>,
  answer: () => Promise<string | null>,
  isExpected = false,
): Promise<Result<Value, Code>> => {
  let response = isExpected ? await answer() : null;
  for (let tries = 1; ; tries += 1) {
    const result = await send(response);
    if (result.ok || result.code !== "CHALLENGE_REQUIRED" || tries === triesMax) return result;
    response = await answer();
    if (response === null) return result;
  }
};
