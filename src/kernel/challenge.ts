import type { ConcertId, UserId } from "./ids.ts";

/** A request that the operator can put behind a challenge. */
export type ChallengedRequest =
  | { readonly kind: "create-user" }
  | { readonly kind: "join-queue"; readonly userId: UserId; readonly concertId: ConcertId };

/** The check of answers to challenges, which stands before a new account and a new place. */
export interface ChallengeGate {
  /**
   * Whether `response` answers a challenge; null when the client sent none. A proof of work passes once,
   * whatever the number of instances. Throws Unavailable when that cannot be known.
   */
  passes(response: string | null, request: ChallengedRequest): Promise<boolean>;
}
