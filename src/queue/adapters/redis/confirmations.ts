import type { ConcertId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { confirmationMs, confirmEveryMs } from "../../recovery/domain/epoch-confirmation.ts";
import type { Epochs } from "../../recovery/ports/epochs.ts";

/** A queue as this instance knows it. */
export interface KnownQueue {
  readonly concertId: ConcertId;
  readonly epoch: number;
  readonly runId: string;
}

export interface Confirmations {
  /**
   * Whether the database has confirmed in the last 2 s that the queue lives in this epoch of this server. Waits
   * for the database only for a queue that it has not confirmed yet; an older confirmation is renewed meanwhile.
   *
   * Each statement asks for all queues of the last 2 s, so a queue that is asked for every 0.8 s stays confirmed beside
   * one that is asked for five times a second. Cost: one statement a second. Throws what is no Unavailable.
   */
  isConfirmed(queue: KnownQueue): Promise<boolean>;
}

interface Confirmation {
  readonly epoch: number;
  readonly runId: string;
  /** When this instance asked for it; monotonic, ms. */
  readonly askedMs: number;
}

interface Asked {
  readonly queue: KnownQueue;
  /** When it was last asked for; monotonic, ms. */
  readonly atMs: number;
}

/** `onRefused` learns of each queue that lives in another server or epoch by now. */
export const confirmations = (
  epochs: Pick<Epochs, "confirm">,
  onRefused: (queue: KnownQueue) => void,
  monotonicMs: () => number,
): Confirmations => {
  const confirmed = new Map<ConcertId, Confirmation>();
  /** The queues that were asked for in the last 2 s: those of the next statement. */
  const asking = new Map<ConcertId, Asked>();
  let running: Promise<void> | null = null;
  let askedMs = -Infinity;
  /** How many have begun. */
  let statements = 0;
  let failure: unknown = null;

  const find = ({ concertId, epoch, runId }: KnownQueue): Confirmation | undefined => {
    const known = confirmed.get(concertId);
    return known?.epoch === epoch && known.runId === runId ? known : undefined;
  };
  const isFresh = (known: Confirmation): boolean => monotonicMs() - known.askedMs < confirmationMs;
  /** Returns the queues of the next statement to this server, and forgets those of the time before. */
  const takeQueues = (runId: string): readonly KnownQueue[] => {
    for (const [concertId, { atMs }] of asking)
      if (monotonicMs() - atMs >= confirmationMs) asking.delete(concertId);
    return [...asking.values()].map(({ queue }) => queue).filter((queue) => queue.runId === runId);
  };
  const refuse = (queue: KnownQueue): void => {
    confirmed.delete(queue.concertId);
    if (asking.get(queue.concertId)?.queue.epoch === queue.epoch) asking.delete(queue.concertId);
    onRefused(queue);
  };
  const ask = async (runId: string): Promise<void> => {
    const queues = takeQueues(runId);
    askedMs = monotonicMs();
    statements += 1;
    try {
      const ours = new Set(await epochs.confirm(runId, queues));
      for (const [concertId, known] of confirmed) if (!isFresh(known)) confirmed.delete(concertId);
      for (const queue of queues) {
        if (ours.has(queue.concertId)) confirmed.set(queue.concertId, { ...queue, askedMs });
        else refuse(queue);
      }
      failure = null;
    } catch (error) {
      failure = error;
    }
  };
  const renew = (runId: string): Promise<void> => {
    running ??= ask(runId).finally(() => {
      running = null;
    });
    return running;
  };

  return {
    async isConfirmed(queue) {
      asking.set(queue.concertId, { queue, atMs: monotonicMs() });
      const before = statements;
      if (monotonicMs() - askedMs >= confirmEveryMs) void renew(queue.runId);
      if (find(queue) === undefined) {
        // A statement that began earlier may lack this queue; one that another caller begins after it has the queue.
        if (statements === before) await running;
        if (find(queue) === undefined) await (statements === before ? renew(queue.runId) : running);
      }
      const known = find(queue);
      if (known !== undefined && isFresh(known)) return true;
      if (failure !== null && !(failure instanceof Unavailable)) throw failure;
      return false;
    },
  };
};
