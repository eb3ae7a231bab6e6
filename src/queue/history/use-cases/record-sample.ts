import type { Clock, InstantMs } from "#kernel/instant.ts";
import type { ConcertId } from "#kernel/ids.ts";
import { hasChanged, type QueueSample } from "../domain/queue-sample.ts";
import type { QueueStore } from "../../admission/ports/queue-store.ts";
import type { Sales } from "../../admission/ports/sales.ts";
import type { QueueSamples } from "../ports/queue-samples.ts";

export interface RecordSampleDeps {
  readonly store: Pick<QueueStore, "getSnapshot">;
  readonly sales: Pick<Sales, "stock">;
  readonly samples: Pick<QueueSamples, "write" | "deleteBefore">;
  readonly clock: Clock;
  /** Monotonic, ms. */
  readonly monotonicMs: () => number;
}

const everyMs = 1_000;
const queuesMax = 10_000;
const keptMs = 30 * 86_400_000;
const forgetEveryMs = 60_000;

interface Recorded {
  readonly lookedAtMs: number;
  readonly sample: QueueSample | null;
}

const secondOf = (atMs: InstantMs): InstantMs => Math.floor(atMs / 1_000) * 1_000;

const readSample = async (
  { store, sales }: RecordSampleDeps,
  concertId: ConcertId,
): Promise<QueueSample> => {
  const [{ atMs, epoch, counters }, stock] = await Promise.all([
    store.getSnapshot(concertId),
    sales.stock(concertId),
  ]);
  return {
    queueEpoch: epoch,
    atMs: secondOf(atMs),
    lastIssued: counters.lastIssued,
    waiting: counters.waiting,
    active: counters.active,
    admitted: counters.admittedTotal,
    left: counters.left,
    lapsed: counters.lapsed,
    stock: stock && { available: stock.available, held: stock.held, sold: stock.sold },
  };
};

/**
 * Notes how a queue stands, at most once a second and only when something has moved since this instance
 * last looked; to be called at every tick. Any number of instances may do so: one note a second stays.
 * Notes older than 30 days are removed, a few thousand a minute. Throws Unavailable.
 *
 * Cost: one step of the queue's store a second, and one row while the queue moves.
 */
export const recordSample = (deps: RecordSampleDeps) => {
  const recorded = new Map<ConcertId, Recorded>();
  let forgottenAtMs = -Infinity;

  const forgetOld = async (): Promise<void> => {
    const nowMs = deps.monotonicMs();
    if (nowMs - forgottenAtMs < forgetEveryMs) return;
    forgottenAtMs = nowMs;
    await deps.samples.deleteBefore(deps.clock.nowMs() - keptMs);
  };

  const remember = (concertId: ConcertId, one: Recorded): void => {
    recorded.delete(concertId);
    recorded.set(concertId, one);
    const [longestAgo] = recorded.keys();
    if (recorded.size > queuesMax && longestAgo !== undefined) recorded.delete(longestAgo);
  };

  return async (concertId: ConcertId): Promise<void> => {
    const last = recorded.get(concertId);
    const lookedAtMs = deps.monotonicMs();
    if (last !== undefined && lookedAtMs - last.lookedAtMs < everyMs) return;
    remember(concertId, { lookedAtMs, sample: last?.sample ?? null });
    const sample = await readSample(deps, concertId);
    if (last?.sample && !hasChanged(last.sample, sample)) return;
    await deps.samples.write(concertId, sample);
    remember(concertId, { lookedAtMs, sample });
    await forgetOld();
  };
};
