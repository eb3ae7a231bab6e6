import type { ConcertId } from "#kernel/ids.ts";
import type { Concert } from "../domain/concert.ts";
import type { DatesTerms } from "../domain/show-dates.ts";
import type { ConcertCache } from "../ports/concert-cache.ts";
import type {
  ConcertRecords,
  CorrectableFacts,
  CorrectionDecision,
  KeyUse,
} from "../ports/concert-records.ts";

export interface CorrectFactsDeps {
  readonly records: Pick<ConcertRecords, "correct">;
  readonly cache: Pick<ConcertCache, "put">;
}

/** A command that changes facts of a concert. */
export interface CorrectFacts {
  readonly actor: string;
  readonly concertId: ConcertId;
  /** The version of the concert that the operator has seen; null: any. */
  readonly version: number | null;
}

/** The facts that a command changes, with its audit entry; `facts` is null when it changes nothing. */
export interface FactsChange extends Pick<
  NonNullable<CorrectionDecision<unknown>["save"]>,
  "note" | "use"
> {
  readonly facts: Partial<CorrectableFacts> | null;
}

export type CorrectFactsOutcome =
  | { readonly kind: "concert-not-found" }
  /** Another operator has changed the concert since; `version` is the present one. */
  | { readonly kind: "version-conflict"; readonly version: number }
  /** The concert after the command. */
  | { readonly kind: "corrected"; readonly concert: Concert };

/**
 * Decides a command on the locked concert and stores the facts that it changes.
 *
 * Outcomes, first that applies: `concert-not-found`, `version-conflict`, a refusal of the command, the use of its key by
 * another request, `corrected` (on this instance at once and on every other within 1,000 ms; without a change
 * nothing is audited).
 *
 * Throws Unavailable. Atomicity: one transaction under the lock of the concert's row, with the audit entry.
 */
export const correctFacts =
  ({ records, cache }: CorrectFactsDeps) =>
  async <Refusal>(
    { concertId, version }: CorrectFacts,
    decide: (concert: Concert, context: DatesTerms) => { readonly refusal: Refusal } | FactsChange,
  ): Promise<CorrectFactsOutcome | Refusal | KeyUse> => {
    const done = await records.correct<Refusal | CorrectFactsOutcome | null>(
      concertId,
      (concert, context) => {
        if (version !== null && version !== concert.version)
          return { outcome: { kind: "version-conflict", version: concert.version }, save: null };
        const decided = decide(concert, context);
        if ("refusal" in decided) return { outcome: decided.refusal, save: null };
        const { facts, ...recorded } = decided;
        const { title, venue, grades, dates } = concert;
        const save = facts && { facts: { title, venue, grades, dates, ...facts }, ...recorded };
        return { outcome: null, save };
      },
    );
    if (done === null) return { kind: "concert-not-found" };
    if (done.kind !== "decided") return done;
    if (done.outcome !== null) return done.outcome;
    cache.put(done.concert);
    return { kind: "corrected", concert: done.concert };
  };
