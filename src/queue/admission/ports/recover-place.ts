import type { TokenPlace } from "#kernel/queue-gate.ts";
import type { FinalState } from "../domain/queue-state.ts";
import type { PlaceReading, StoredPlaceStatus } from "./queue-store.ts";

export type KnownStatus = Exclude<StoredPlaceStatus, { kind: "unknown" }>;

export interface RecoveredReading extends PlaceReading {
  readonly status: KnownStatus;
}

/**
 * Corrects what a store that may have lost something knows of a place: by the database and by the token,
 * which prove more than the store. Restores a lost place. A reading that is right comes back unchanged.
 * `final` is the sale's state once no user will be admitted any more, else null. Throws Unavailable.
 */
export type RecoverPlace = (
  place: TokenPlace,
  final: FinalState | null,
  reading: PlaceReading,
) => Promise<RecoveredReading>;
