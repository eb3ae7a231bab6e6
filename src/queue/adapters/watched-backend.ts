import type { ConcertId } from "#kernel/ids.ts";
import type { QueueBackend } from "./queue-backend.ts";

/**
 * Tells `onStep` after each step that may put a user into an empty queue, or an entry into its journal. A step whose
 * answer is lost may have run, so it counts.
 *
 * No other step does so: it finds no user in an empty queue. Locks that are released with a hold count, because the hold
 * creates the slot in a lost queue, as `carry` does; without a hold they only change the slot of a user in the queue.
 */
export const watchedBackend = <B extends Pick<QueueBackend, "store" | "gate">>(
  backend: B,
  onStep: (concertId: ConcertId) => void,
): B => {
  const { store, gate } = backend;
  const watched = async <T>(concertId: ConcertId, step: Promise<T>): Promise<T> => {
    try {
      return await step;
    } finally {
      onStep(concertId);
    }
  };
  return {
    ...backend,
    store: {
      ...store,
      join: (concertId, ...more) => watched(concertId, store.join(concertId, ...more)),
      end: (concertId, ...more) => watched(concertId, store.end(concertId, ...more)),
      restore: (concertId, ...more) => watched(concertId, store.restore(concertId, ...more)),
      rebuild: (concertId, ...more) => watched(concertId, store.rebuild(concertId, ...more)),
    },
    gate: {
      ...gate,
      releaseLocks(attempt, hold) {
        const step = gate.releaseLocks(attempt, hold);
        return hold === null ? step : watched(attempt.concertId, step);
      },
      carry: (hold) => watched(hold.concertId, gate.carry(hold)),
      clear: (hold) => watched(hold.concertId, gate.clear(hold)),
    },
  };
};
