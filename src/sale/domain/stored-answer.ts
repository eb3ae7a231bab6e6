import type { UserId } from "#kernel/ids.ts";
import type { Intent } from "#kernel/idempotency.ts";
import { answerKey, type BatchState } from "./batch-state.ts";
import type { KeyOutcome, StoredAnswer, Success } from "./commands.ts";

interface Keyed {
  readonly userId: UserId;
  readonly intent: Intent | null;
}

/** The outcome of a request whose key has a stored answer: the answer again if the fingerprints are equal. */
export const compareIntent = (stored: StoredAnswer, intent: Intent): KeyOutcome =>
  stored.fingerprint === intent.fingerprint
    ? { kind: "replayed", answer: stored.answer }
    : { kind: "key-reused" };

/** The outcome that the command's key decides, or null when the key is free or there is none. */
export const findKeyOutcome = (state: BatchState, { userId, intent }: Keyed): KeyOutcome | null => {
  if (intent === null) return null;
  const key = answerKey(userId, intent.key);
  const stored = state.answers.get(key);
  if (stored) return compareIntent(stored, intent);
  return state.busyKeys.has(key) ? { kind: "key-in-progress" } : null;
};

/** Stores a success under the command's key, if it has one, and returns it. */
export const storeAnswer = <S extends Success>(
  state: BatchState,
  { userId, intent }: Keyed,
  answer: S,
): S => {
  if (intent !== null) {
    const key = answerKey(userId, intent.key);
    state.answers.set(key, { fingerprint: intent.fingerprint, answer });
    state.changes.answers.add(key);
  }
  return answer;
};
