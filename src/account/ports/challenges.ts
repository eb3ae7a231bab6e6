import type { ChallengeGate } from "#kernel/challenge.ts";
import type { InstantMs } from "#kernel/instant.ts";

/** A proof of work as the client gets it, in the form of ALTCHA. */
export interface ProofOfWork {
  readonly parameters: {
    readonly algorithm: string;
    readonly nonce: string;
    readonly salt: string;
    /** Iterations of one key derivation. */
    readonly cost: number;
    readonly keyLength: number;
    readonly keyPrefix: string;
    readonly keySignature: string;
    /** Epoch seconds. */
    readonly expiresAt: number;
  };
  readonly signature: string;
}

/** A challenge. `hook`: a check of the operator decides, and the operator says what it needs. */
export type Challenge =
  | { readonly kind: "off" }
  | { readonly kind: "pow"; readonly proof: ProofOfWork }
  | { readonly kind: "hook" };

/** The challenges of this installation, with the check of their answers. */
export interface Challenges extends ChallengeGate {
  issue(): Promise<Challenge>;
}

/** The challenges that were answered. All instances share them. */
export interface SpentChallenges {
  /**
   * Marks a challenge as spent, at least until it expires. Of any number of calls for one id exactly one
   * returns true. Throws Unavailable; the challenge may then be spent or not.
   */
  spend(id: string, expiresAtMs: InstantMs): Promise<boolean>;
}
