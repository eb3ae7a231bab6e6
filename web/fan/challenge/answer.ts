import { readChallenge, type Challenge } from "../../../sdk/generated/index.ts";
import { api } from "../../shared/api.ts";

/** The `Challenge-Response` to a proof of work; null when this browser cannot solve it. */
const solve = (proof: NonNullable<Challenge["proof"]>, signal: AbortSignal) =>
  new Promise<string | null>((resolve) => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url));
    const end = (response: string | null): void => {
      worker.terminate();
      resolve(response);
    };
    worker.addEventListener("message", ({ data: solution }: MessageEvent<object | null>) =>
      end(solution && btoa(JSON.stringify({ challenge: proof, solution }))),
    );
    worker.addEventListener("error", () => end(null));
    signal.addEventListener("abort", () => end(null), { once: true });
    worker.postMessage(proof);
  });

/** Asks for a challenge and solves it. "ask-fan": the fan has to bring the answer. Null without an answer. */
export const answerChallenge = async (signal: AbortSignal): Promise<string | null> => {
  const result = await api.call(readChallenge, {}, { signal });
  if (!result.ok) return null;
  const { kind, proof } = result.value;
  if (kind === "hook") return "ask-fan";
  return proof && solve(proof, signal);
};
