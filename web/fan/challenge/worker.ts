import { solveChallenge } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/web/pbkdf2";

// Solves one proof of work in a worker, so that the page stays responsive. Posts the solution, or null.

type Proof = Parameters<typeof solveChallenge>[0]["challenge"];

/** Within the 5 minutes for which a proof is valid. */
const withinMs = 240_000;

addEventListener("message", ({ data }: MessageEvent<Proof>) => {
  solveChallenge({ challenge: data, deriveKey, timeout: withinMs }).then(
    (solution) => postMessage(solution),
    () => postMessage(null),
  );
});
