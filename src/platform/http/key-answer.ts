import type { KeyOutcome } from "#kernel/idempotency.ts";

/** The refusal of a key that was used for another request. */
export const keyReused = {
  problem: "IDEMPOTENCY_KEY_REUSED",
  detail: "The Idempotency-Key was used for a request with another method, path or body.",
} as const;

/** Answers a repeated key: with `successOf` its stored outcome, or with the reason why there is none. */
export const keyAnswer = async <Stored, S extends object>(
  outcome: KeyOutcome<Stored>,
  successOf: (stored: Stored) => S | Promise<S>,
) => {
  switch (outcome.kind) {
    case "replayed": {
      const headers = { "Idempotent-Replayed": "true" };
      return { ...(await successOf(outcome.answer)), headers };
    }
    case "key-reused":
      return keyReused;
    case "key-in-progress":
      return {
        problem: "IDEMPOTENCY_IN_PROGRESS",
        detail:
          "The first request with this Idempotency-Key is still running. Retry after a moment.",
      } as const;
  }
};
