import { correctedFacts, correctionViolations, type Correction } from "../domain/correction.ts";
import type { Violation } from "../domain/violation.ts";
import {
  correctFacts,
  type CorrectFacts,
  type CorrectFactsDeps,
  type CorrectFactsOutcome,
} from "./correct-facts.ts";

export interface CorrectConcert extends CorrectFacts {
  readonly correction: Correction;
}

interface Invalid {
  readonly kind: "invalid";
  readonly violations: readonly Violation[];
}

export type CorrectConcertOutcome = CorrectFactsOutcome | Invalid;

/**
 * Corrects title, venue and prices of a concert. A price applies to seats that are held from now on; a hold keeps
 * the price that it was made at.
 *
 * Outcomes as of `correctFacts`; `invalid` lists every violation of the correction.
 *
 * Throws Unavailable. It waits for the batches that read a price at this moment.
 */
export const correctConcert =
  (deps: CorrectFactsDeps) =>
  async (command: CorrectConcert): Promise<CorrectConcertOutcome> => {
    const { actor, correction } = command;
    const outcome = await correctFacts(deps)<Invalid>(command, (concert) => {
      const violations = correctionViolations(concert, correction);
      if (violations.length > 0) return { refusal: { kind: "invalid", violations } };
      const { title, venue, grades } = concert;
      const before = { title, venue, grades };
      const after = correctedFacts(concert, correction);
      const note = { actor, action: "concert.corrected", before, after } as const;
      const isSame = JSON.stringify(before) === JSON.stringify(after);
      return { facts: isSame ? null : after, note };
    });
    if (outcome.kind === "key-reused" || outcome.kind === "replayed")
      throw new Error("a correction has no key");
    return outcome;
  };
