import { BoundedMap } from "#kernel/bounded-map.ts";
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

const intervalMs = 1_000;
const queuesMax = 10_000;
const retentionMs = 30 * 86_400_000;
const deleteEveryMs = 60_000;

interface Recorded {
  readonly readAtMs: number;
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
 * Stores a sample of a queue, at most once a second and only when it differs from this instance's last one.
 * The caller calls it at every tick. When several instances do so, one sample a second remains. It deletes
 * samples older than 30 days, one batch a minute.
 *
 * Throws Unavailable. Cost: one step of the queue's store a second, and one row while the queue changes.
 */
export const recordSample = (deps: RecordSampleDeps) => {
  const recorded = new BoundedMap<ConcertId, Recorded>(queuesMax);
  let deletedAtMs = -Infinity;

  const deleteOld = async (): Promise<void> => {
    const nowMs = deps.monotonicMs();
    if (nowMs - deletedAtMs < deleteEveryMs) return;
    deletedAtMs = nowMs;
    await deps.samples.deleteBefore(deps.clock.nowMs() - retentionMs);
  };

  return async (concertId: ConcertId): Promise<void> => {
    const last = recorded.get(concertId);
    const readAtMs = deps.monotonicMs();
    if (last !== undefined && readAtMs - last.readAtMs < intervalMs) return;
    recorded.set(concertId, { readAtMs, sample: last?.sample ?? null });
    const sample = await readSample(deps, concertId);
    if (last?.sample && !hasChanged(last.sample, sample)) return;
    await deps.samples.write(concertId, sample);
    recorded.set(concertId, { readAtMs, sample });
    await deleteOld();
  };
};
