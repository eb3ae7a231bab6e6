import { createHmac, randomInt } from "node:crypto";
import { createChallenge, verifySolution } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/pbkdf2";
import type { Payload } from "altcha-lib/types";
import type { Clock } from "#kernel/instant.ts";
import type { Challenges, ProofOfWork, SpentChallenges } from "../../ports/challenges.ts";

export interface PowChallengesOptions {
  /** The first secret signs, every secret verifies: instances may have new keys at different moments. */
  readonly secrets: readonly Uint8Array[];
  /** The most key derivations of one solution; on average three quarters of them are needed. */
  readonly cost: number;
  readonly spent: SpentChallenges;
  readonly clock: Clock;
}

/** How long a solution can be used. Within it a client can gather solutions for later. */
export const lifetimeMs = 300_000;

/**
 * Iterations of one derivation. With fewer, the calls of a browser's crypto cost more than the work, which
 * favours programs over browsers; with more, the one derivation of the server costs more than an answer.
 */
const iterations = 1_000;

const algorithm = "PBKDF2/SHA-256";

interface Secrets {
  readonly challenge: string;
  readonly key: string;
}

const secretsOf = (secret: Uint8Array): Secrets => {
  const derive = (purpose: string) => createHmac("sha256", secret).update(purpose).digest("hex");
  return { challenge: derive("frontrow challenge"), key: derive("frontrow challenge key") };
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** Parses a response: base64 of JSON, as the widget and the libraries of ALTCHA send it. Null for other text. */
const readPayload = (response: string): Payload | null => {
  try {
    const payload: unknown = JSON.parse(Buffer.from(response, "base64").toString("utf8"));
    if (!isRecord(payload) || !isRecord(payload["challenge"]) || !isRecord(payload["solution"]))
      return null;
    const { parameters, signature } = payload["challenge"];
    return isRecord(parameters) && typeof signature === "string"
      ? (payload as unknown as Payload)
      : null;
  } catch {
    return null;
  }
};

/** Hands over two members only: further ones of the client would be settings of the check. */
const isSolution = async ({ challenge, solution }: Payload, secrets: Secrets): Promise<boolean> => {
  const { verified } = await verifySolution({
    challenge,
    solution,
    deriveKey,
    hmacSignatureSecret: secrets.challenge,
    hmacKeySignatureSecret: secrets.key,
  });
  return verified;
};

/**
 * Challenges that a client answers with work: it derives keys until one has the prefix of a key that the
 * server derived. The bound of the tries is known, so no client is unlucky for minutes.
 *
 * No challenge is stored before it is answered. Cost: one key derivation to issue (about 0.3 ms, in a
 * thread), some hashes to verify.
 */
export const powChallenges = (options: PowChallengesOptions): Challenges => {
  const { cost, spent, clock } = options;
  const secrets = options.secrets.map(secretsOf);
  const [signing] = secrets;
  if (signing === undefined) throw new Error("a challenge needs a key that signs it");
  return {
    async issue() {
      const { parameters, signature } = await createChallenge({
        algorithm,
        cost: iterations,
        counter: randomInt(Math.ceil(cost / 2), cost + 1),
        deriveKey,
        expiresAt: Math.floor((clock.nowMs() + lifetimeMs) / 1000),
        hmacSignatureSecret: signing.challenge,
        hmacKeySignatureSecret: signing.key,
      });
      return { kind: "pow", proof: { parameters, signature } as ProofOfWork };
    },
    async passes(response) {
      const payload = response === null ? null : readPayload(response);
      if (payload === null) return false;
      const solved = await Promise.all(secrets.map((one) => isSolution(payload, one)));
      if (!solved.includes(true)) return false;
      // The signature covers both, so they are as this server wrote them.
      const { nonce, expiresAt } = payload.challenge.parameters;
      return spent.spend(nonce, (expiresAt ?? 0) * 1000);
    },
  };
};
