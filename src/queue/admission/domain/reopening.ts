import type { ConcertId } from "#kernel/ids.ts";
import type { FinalState } from "./queue-state.ts";

/** Longer than seats of an answer may be old on any instance. */
const lateMs = 1_000;

/** The queues that this instance has seen in a final state. */
export interface Reopening {
  /** Notes the state of a queue; null: it is not a final one. */
  saw(concertId: ConcertId, final: FinalState | null): void;
  /** The final state in which the queue was within the last second, though it may sell again; else null. */
  recentEnd(concertId: ConcertId): FinalState | null;
}

/**
 * Remembers for a second that a queue was over. An instance that has not seen the new seats ends all waiting places in
 * its pass, and tells their users so. Until each one has seen them, no new place is given.
 */
export const reopening = (monotonicMs: () => number): Reopening => {
  const ends = new Map<ConcertId, { readonly final: FinalState; readonly atMs: number }>();
  return {
    saw(concertId, final) {
      const atMs = monotonicMs();
      for (const [old, end] of ends) {
        if (atMs - end.atMs < lateMs) break;
        ends.delete(old);
      }
      if (final === null) return;
      // The map stays in the order of the times.
      ends.delete(concertId);
      ends.set(concertId, { final, atMs });
    },
    recentEnd(concertId) {
      const end = ends.get(concertId);
      return end !== undefined && monotonicMs() - end.atMs < lateMs ? end.final : null;
    },
  };
};
