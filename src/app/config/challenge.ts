import { oneOf, webAddress, whole, type Reader } from "./readers.ts";

/** The challenge before a new account and a new place in a queue. */
export type ChallengeConfig =
  | { readonly kind: "off" }
  /** `cost`: the most key derivations of one solution. */
  | { readonly kind: "pow"; readonly cost: number }
  | { readonly kind: "hook"; readonly url: string };

/**
 * Reads the challenge. A setting of another kind than the chosen one is a fault: the operator expects a
 * check that would not run.
 */
export const readChallenge = (reader: Reader): ChallengeConfig => {
  const kind = reader.optional("CHALLENGE", oneOf("off", "pow", "hook"), "off");
  const cost = reader.optional("CHALLENGE_COST", whole(1, 1_000_000), 2_000);
  const url = reader.optional("CHALLENGE_HOOK_URL", webAddress, null);
  if (url !== null && kind !== "hook") {
    reader.faults.push("CHALLENGE_HOOK_URL must be empty unless CHALLENGE is hook");
  }
  switch (kind) {
    case "off":
      return { kind };
    case "pow":
      return { kind, cost };
    case "hook":
      if (url === null) reader.faults.push("CHALLENGE_HOOK_URL must be set for CHALLENGE=hook");
      return { kind, url: url ?? "" };
  }
};
