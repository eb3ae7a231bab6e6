import type { UserId } from "#kernel/ids.ts";
import type { Intent } from "#kernel/idempotency.ts";
import { answerKey, type BatchState } from "./batch-state.ts";
import type { KeyOutcome, StoredAnswer, Success } from "./commands.ts";

interface Keyed {
  readonly userId: UserId;
  readonly intent: Intent | null;
}

/** What a stored answer says to a request: the answer again, or that the key named another request. */
export const compareIntent = (stored: StoredAnswer, intent: Intent): KeyOutcome =>
  stored.fingerprint === intent.fingerprint
    ? { kind: "replayed", answer: stored.answer }
    : { kind: "key-reused" };

/** What the command's key answers, or null for a key (or none) that is free. */
export const recall = (state: BatchState, { userId, intent }: Keyed): KeyOutcome | null => {
  if (intent === null) return null;
  const key = answerKey(userId, intent.key);
  const stored = state.answers.get(key);
  if (stored) return compareIntent(stored, intent);
  return state.busyKeys.has(key) ? { kind: "key-in-progress" } : null;
};

/** Stores a success under the command's key, if it has one. */
export const remember = <S extends Success>(
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
