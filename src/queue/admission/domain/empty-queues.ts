import { BoundedMap } from "#kernel/bounded-map.ts";
import type { ConcertId } from "#kernel/ids.ts";
import type { PassTerms } from "./admission.ts";

/** The report of a pass, as far as the next pass depends on it: see `PassReport`. */
export interface PassResult {
  readonly isEmpty: boolean;
  readonly recovery: string | null;
  readonly more: boolean;
}

/** The queues that this instance knows to be empty, so that it need not run five passes a second for each. */
export interface EmptyQueues {
  /**
   * Whether a pass with these terms may have something to do. Not, when the last one had the same terms, found the queue
   * empty, and ended less than 0.7 s ago, and no step of this instance has changed the queue since it began. The ticks that
   * ask are 200 ms apart, so the passes over an empty queue are about 0.8 s apart.
   *
   * Users who join at another instance are admitted by the passes of that one. This instance learns of them with its next
   * pass, as it does when that one is killed.
   */
  isPassDue(concertId: ConcertId, terms: PassTerms): boolean;
  /** Notes that a pass begins; the caller hands its report to the returned function. */
  beginPass(concertId: ConcertId, terms: PassTerms): (report: PassResult) => void;
  /** Notes that a step of this instance may have put a user into the queue, or an entry into its journal. */
  onStep(concertId: ConcertId): void;
}

/**
 * The next tick after it is about 0.8 s after the pass. Users of an instance that was killed are so admitted within 1 s, as
 * a free slot is filled. A pass also renews a confirmation of the epoch that is older than `confirmEveryMs`, so at the pass
 * after that none is older than 1.8 s, and it is valid for 2 s.
 */
const emptyPassMs = 700;
const queuesMax = 10_000;

interface LastPass {
  readonly terms: PassTerms;
  /** When the pass ended and had found the queue empty; null: it goes on, has failed, or has found it otherwise. */
  emptyAtMs: number | null;
}

const isSame = (a: PassTerms, b: PassTerms): boolean => JSON.stringify(a) === JSON.stringify(b);

/** `monotonicMs`: monotonic, ms. */
export const emptyQueues = (monotonicMs: () => number): EmptyQueues => {
  const lastPasses = new BoundedMap<ConcertId, LastPass>(queuesMax);
  return {
    isPassDue(concertId, terms) {
      const last = lastPasses.get(concertId);
      if (last === undefined || last.emptyAtMs === null) return true;
      return monotonicMs() - last.emptyAtMs >= emptyPassMs || !isSame(last.terms, terms);
    },
    beginPass(concertId, terms) {
      const pass: LastPass = { terms, emptyAtMs: null };
      lastPasses.set(concertId, pass);
      return ({ isEmpty, recovery, more }) => {
        // A step during the pass has removed it.
        if (isEmpty && recovery === null && !more) pass.emptyAtMs = monotonicMs();
      };
    },
    onStep: (concertId) => void lastPasses.delete(concertId),
  };
};
