import type { TokenPlace } from "#kernel/queue-gate.ts";
import type { EndedReason } from "#kernel/place.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { endedReasonOf } from "../../admission/domain/place.ts";
import type { FinalState } from "../../admission/domain/queue-state.ts";
import { activeByToken } from "../../admission/domain/token-claims.ts";
import type { Endings } from "../../admission/ports/endings.ts";
import type { PlaceReading, QueueStore } from "../../admission/ports/queue-store.ts";
import type {
  KnownStatus,
  RecoveredReading,
  RecoverPlace,
} from "../../admission/ports/recover-place.ts";
import type { LostPlace, RecoveryStore } from "../ports/recovery-store.ts";

export interface RecoverPlaceDeps {
  readonly store: Pick<QueueStore, "getStatus" | "end"> & Pick<RecoveryStore, "restore">;
  readonly endings: Pick<Endings, "find">;
  /** The order of a lost place in a lottery's lobby. */
  readonly orderOf: (place: TokenPlace) => Promise<Pick<LostPlace, "drawValue" | "isBeforeDraw">>;
}

const endedAs = (reason: EndedReason): KnownStatus => ({ kind: "ended", reason });

/** Returns the reason for which the place has ended, by the database, or null. */
const readEnd = async (deps: RecoverPlaceDeps, place: TokenPlace): Promise<EndedReason | null> =>
  endedReasonOf(place, await deps.endings.find(place.concertId, place.userId));

const restore = async (
  { store, orderOf }: RecoverPlaceDeps,
  place: TokenPlace,
  isActive: boolean,
): Promise<void> => {
  const { concertId, userId, epoch, seq, activeUntilSeconds = 0 } = place;
  const lost = { epoch, seq, ...(await orderOf(place)) };
  await store.restore(concertId, userId, lost, isActive ? activeUntilSeconds * 1_000 : null);
};

/** Restores a place, ends it if the database knows its end, and reads it again. */
const restoreAndRead = async (
  deps: RecoverPlaceDeps,
  place: TokenPlace,
  isActive: boolean,
): Promise<PlaceReading> => {
  const { concertId, userId } = place;
  await restore(deps, place, isActive);
  // Another request of the user may have ended the place in the database before this one restored it.
  const reason = await readEnd(deps, place);
  if (reason !== null) await deps.store.end(concertId, userId, place, reason);
  return deps.store.getStatus(concertId, userId, place);
};

/**
 * Recovers a place that the store does not know.
 *
 * Outcomes, in this order: the end that the database knows; the end of the slot by the token; the end of the
 * queue, also of one that goes on since; the restored place. Throws Unavailable while the store restores slots or the place.
 */
const recoverUnknown = async (
  deps: RecoverPlaceDeps,
  place: TokenPlace,
  final: FinalState | null,
  reading: PlaceReading,
): Promise<RecoveredReading> => {
  const { snapshot, status } = reading;
  const reason = await readEnd(deps, place);
  if (reason !== null) return { snapshot, status: endedAs(reason) };
  const isActive = activeByToken(place, snapshot.atMs) !== null;
  if (!isActive && place.activeUntilSeconds !== undefined) {
    // A hold may extend the slot past the token's time, and recovery has not restored all holds yet.
    if (snapshot.counters.recovering) throw new Unavailable("slots are being restored");
    return { snapshot, status: endedAs("LAPSED") };
  }
  const endedWith = final ?? (status.kind === "unknown" ? status.endedWith : null) ?? null;
  if (!isActive && endedWith !== null) return { snapshot, status: endedAs(endedWith) };
  const restored = await restoreAndRead(deps, place, isActive);
  if (restored.status.kind === "unknown") throw new Unavailable("the place is being restored");
  return recoverPlace(deps)(place, final, restored);
};

/**
 * Checks a live place. The end of an ACTIVE place may be only in the database, and the end of its session only
 * in the token. A waiting place may be from an old snapshot in which an admitted user still waits; only the
 * token proves the admission.
 */
const recoverLive = async (
  deps: RecoverPlaceDeps,
  place: TokenPlace,
  reading: RecoveredReading,
): Promise<RecoveredReading> => {
  const { snapshot, status } = reading;
  const active = activeByToken(place, snapshot.atMs);
  if (status.kind === "waiting" && active === null) return reading;
  const reason = await readEnd(deps, place);
  if (reason !== null) return { snapshot, status: endedAs(reason) };
  if (active === null) return reading;
  await restore(deps, place, true);
  return status.kind === "waiting" ? { snapshot, status: active } : reading;
};

/**
 * Checks a place when the store knows a newer place of the user. If the store gave the newer place after it
 * had lost this one, this one replaces it.
 */
const recoverSuperseded = async (
  deps: RecoverPlaceDeps,
  place: TokenPlace,
  final: FinalState | null,
  reading: RecoveredReading,
): Promise<RecoveredReading> => {
  const { snapshot } = reading;
  if ((await readEnd(deps, place)) !== null) return reading;
  const isActive = activeByToken(place, snapshot.atMs) !== null;
  const restored = await restoreAndRead(deps, place, isActive);
  if (restored.status.kind === "superseded") return { snapshot, status: endedAs("LEFT") };
  if (restored.status.kind === "ended") return { snapshot, status: restored.status };
  return recoverPlace(deps)(place, final, restored);
};

/** Corrects a reading of a store that may have lost something: see `RecoverPlace`. */
export const recoverPlace =
  (deps: RecoverPlaceDeps): RecoverPlace =>
  async (place, final, reading) => {
    const { snapshot, status } = reading;
    if (status.kind === "unknown") return recoverUnknown(deps, place, final, reading);
    const known = { snapshot, status };
    if (!snapshot.counters.recovering) return known;
    switch (status.kind) {
      case "active":
      case "waiting":
        return recoverLive(deps, place, known);
      case "superseded":
        return recoverSuperseded(deps, place, final, known);
      case "ended":
        return known;
    }
  };
