import { setTimeout as delay } from "node:timers/promises";
import type { Queryable } from "#platform/postgres/database.ts";
import type { QueueStore } from "../admission/ports/queue-store.ts";
import { pgRecordedPlaces } from "./adapters/postgres/pg-recorded-places.ts";
import { recoveringQueues } from "./adapters/recovering-queues.ts";
import type { RecoveryStore } from "./ports/recovery-store.ts";
import { joinWhenRebuilt } from "./use-cases/join-when-rebuilt.ts";
import { rebuildQueue } from "./use-cases/rebuild-queue.ts";
import { recoverPlace, type RecoverPlaceDeps } from "./use-cases/recover-place.ts";

export { pgEpochs } from "./adapters/postgres/pg-epochs.ts";

export interface QueueRecoveryDeps extends Omit<RecoverPlaceDeps, "store"> {
  readonly store: QueueStore & RecoveryStore;
  readonly database: Queryable;
  /** Monotonic, ms. */
  readonly monotonicMs: () => number;
}

/** Restores places and rebuilds queues after their store has lost all or some of them. */
export const queueRecovery = (deps: QueueRecoveryDeps) => ({
  recoverPlace: recoverPlace(deps),
  join: joinWhenRebuilt({ ...deps, delay }),
  rebuild: rebuildQueue({ ...deps, recorded: pgRecordedPlaces(deps.database) }),
  recovering: recoveringQueues(deps.monotonicMs),
});
