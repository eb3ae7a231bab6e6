import assert from "node:assert/strict";
import { solveChallenge } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/pbkdf2";

/** Solves a proof of work as a client does, and returns the `Challenge-Response`. */
export const solveProof = async (
  proof: Parameters<typeof solveChallenge>[0]["challenge"],
): Promise<string> => {
  const solution = await solveChallenge({ challenge: proof, deriveKey, timeout: 0 });
  assert.ok(solution);
  return Buffer.from(JSON.stringify({ challenge: proof, solution })).toString("base64");
};
