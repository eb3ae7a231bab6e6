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
   * Cost: one statement a second for all queues that are asked for. Throws what is no Unavailable.
   */
  isConfirmed(queue: KnownQueue): Promise<boolean>;
}

interface Confirmation {
  readonly epoch: number;
  readonly runId: string;
  /** When this instance asked for it; monotonic, ms. */
  readonly askedMs: number;
}

/** `onRefused` learns of each queue that lives in another server or epoch by now. */
export const confirmations = (
  epochs: Pick<Epochs, "confirm">,
  onRefused: (queue: KnownQueue) => void,
  monotonicMs: () => number,
): Confirmations => {
  const confirmed = new Map<ConcertId, Confirmation>();
  /** The queues of the next statement. */
  let asking = new Map<ConcertId, KnownQueue>();
  let running: Promise<void> | null = null;
  let askedMs = -Infinity;
  let failure: unknown = null;

  const find = ({ concertId, epoch, runId }: KnownQueue): Confirmation | undefined => {
    const known = confirmed.get(concertId);
    return known?.epoch === epoch && known.runId === runId ? known : undefined;
  };
  const isFresh = (known: Confirmation): boolean => monotonicMs() - known.askedMs < confirmationMs;
  const ask = async (runId: string): Promise<void> => {
    const queues = [...asking.values()].filter((queue) => queue.runId === runId);
    asking = new Map();
    askedMs = monotonicMs();
    try {
      const ours = new Set(await epochs.confirm(runId, queues));
      for (const [concertId, known] of confirmed) if (!isFresh(known)) confirmed.delete(concertId);
      for (const queue of queues) {
        if (ours.has(queue.concertId)) {
          confirmed.set(queue.concertId, { ...queue, askedMs });
        } else {
          confirmed.delete(queue.concertId);
          onRefused(queue);
        }
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
      asking.set(queue.concertId, queue);
      if (monotonicMs() - askedMs >= confirmEveryMs) void renew(queue.runId);
      if (find(queue) === undefined) {
        await running;
        if (find(queue) === undefined && asking.has(queue.concertId)) await renew(queue.runId);
      }
      const known = find(queue);
      if (known !== undefined && isFresh(known)) return true;
      if (failure !== null && !(failure instanceof Unavailable)) throw failure;
      return false;
    },
  };
};
