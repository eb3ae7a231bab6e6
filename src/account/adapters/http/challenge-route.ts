import { Type, type Static } from "typebox";
import { toRfc3339 } from "#kernel/instant.ts";
import { route, type Route } from "#platform/http/route.ts";
import { Instant, Nullable } from "#platform/http/schemas.ts";
import type { Challenge, Challenges } from "../../ports/challenges.ts";

const Hex = (description: string, example: string) =>
  Type.String({ description, examples: [example] });

const ProofBody = Type.Object({
  parameters: Type.Object(
    {
      algorithm: Type.String({
        description: "The key derivation",
        examples: ["PBKDF2/SHA-256"],
      }),
      nonce: Hex(
        "Stands before the 32-bit counter in the password, in hex",
        "8f2a6c10d4e5b7391f0a2c4e6d8b7a90",
      ),
      salt: Hex("The salt, in hex", "0b1d3f5a7c9e8f6d4b2a190817263544"),
      cost: Type.Integer({ description: "Iterations of one derivation", examples: [1000] }),
      keyLength: Type.Integer({ description: "Bytes of a derived key", examples: [32] }),
      keyPrefix: Hex(
        "The beginning of the key to find, in hex",
        "5c1e9a7b3d2f4e6088a1b3c5d7e9f012",
      ),
      keySignature: Hex("The server's signature of the key to find", "a3…"),
      expiresAt: Type.Integer({ description: "Epoch seconds", examples: [1_794_909_900] }),
    },
    { description: "The task; the signature covers all of it" },
  ),
  signature: Hex("The server's signature of the parameters", "1b…"),
});

const ChallengeBody = Type.Object(
  {
    kind: Type.Union([Type.Literal("off"), Type.Literal("pow"), Type.Literal("hook")], {
      description:
        "`off`: nothing to answer. `pow`: solve `proof`. `hook`: a check of the operator decides, by a response that the operator gives out, or without one",
    }),
    expiresAt: Nullable(Instant("The end of the proof of work"), {
      description: "The end of the proof of work; null for other kinds",
    }),
    proof: Nullable(ProofBody, {
      description:
        "A proof of work in the form of ALTCHA version 2, solved by its libraries; null for other kinds",
    }),
  },
  { $id: "Challenge" },
);

const viewOf = (challenge: Challenge): Static<typeof ChallengeBody> => {
  switch (challenge.kind) {
    case "off":
    case "hook":
      return { kind: challenge.kind, expiresAt: null, proof: null };
    case "pow": {
      const { kind, proof } = challenge;
      return { kind, expiresAt: toRfc3339(proof.parameters.expiresAt * 1000), proof };
    }
  }
};

/** Returns the route that issues challenges; without challenges it says so. */
export const challengeRoute = (challenges: Challenges | null): Route =>
  route({
    method: "GET",
    path: "/api/v1/challenge",
    operationId: "readChallenge",
    tag: "Users",
    summary: "Get a challenge to answer before creating a user or joining a queue",
    description:
      "Send the answer as `Challenge-Response`: for `pow` the base64 of the JSON `{ challenge: proof, solution: { counter, derivedKey } }`. Each proof of work passes once.",
    auth: "none",
    answers: { 200: ChallengeBody },
    problems: [],
    handle: async () => {
      const challenge = (await challenges?.issue()) ?? { kind: "off" as const };
      return { status: 200, headers: { "Cache-Control": "no-store" }, body: viewOf(challenge) };
    },
  });
