import type { Clock } from "#kernel/instant.ts";
import type { TokenPlace } from "#kernel/queue-gate.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { QueueSchedule } from "../ports/sales.ts";
import { endedReasonOf } from "../domain/place.ts";
import type { PlaceStatus } from "../domain/place-status.ts";
import type { FinalState } from "../domain/queue-state.ts";
import { activeByToken } from "../domain/token-claims.ts";
import type { Endings } from "../ports/endings.ts";
import type { FoundPlace, PlaceReading, QueueStore } from "../ports/queue-store.ts";
import type { KnownStatus, RecoveredReading, RecoverPlace } from "../ports/recover-place.ts";

export interface FindPlaceStatusDeps {
  readonly store: Pick<QueueStore, "getStatus">;
  readonly endings: Pick<Endings, "find">;
  readonly recoverPlace: RecoverPlace;
  readonly clock: Clock;
}

/**
 * Whether the schedule is older than the status: the queue has been closed, which this instance has not read yet, nor
 * whether the concert was cancelled. A user whose place has ended asks no more, so the schedule must be read first.
 */
export const isBehind = (
  { closedAtMs }: Pick<QueueSchedule, "closedAtMs">,
  status: PlaceStatus,
): boolean => closedAtMs === null && status.kind === "ended" && status.reason === "CLOSED";

/** The store has lost nothing of the place. */
const isSure = (reading: PlaceReading): reading is RecoveredReading =>
  reading.status.kind !== "unknown" && !reading.snapshot.counters.recovering;

/** Null: the place has ended, and the store does not know why. */
const atFinal = (status: KnownStatus, final: FinalState | null): PlaceStatus | null => {
  if (status.kind === "superseded") return null;
  return status.kind === "waiting" && final !== null ? { kind: "ended", reason: final } : status;
};

/** The status that the store alone can tell; null when it takes the database or the token too. */
export const statusByStore = (
  reading: PlaceReading,
  final: FinalState | null,
): PlaceStatus | null => (isSure(reading) ? atFinal(reading.status, final) : null);

/**
 * Resolves what the store knows of a place into its status: by the store, else by the token and the
 * database (see `RecoverPlace`). Throws Unavailable.
 */
export const resolveStatus = async (
  deps: FindPlaceStatusDeps,
  place: TokenPlace,
  final: FinalState | null,
  reading: PlaceReading,
): Promise<FoundPlace> => {
  const known = isSure(reading) ? reading : await deps.recoverPlace(place, final, reading);
  const { atMs, counters } = known.snapshot;
  const status = atFinal(known.status, final);
  if (status !== null) return { atMs, counters, status };
  const ended = await deps.endings.find(place.concertId, place.userId);
  // A user with a newer place has left this one, if the database does not know better.
  return {
    atMs,
    counters,
    status: { kind: "ended", reason: endedReasonOf(place, ended) ?? "LEFT" },
  };
};

/** The token proves an ACTIVE place without the store, unless the database knows that it has ended. */
const withoutStore = async (
  deps: FindPlaceStatusDeps,
  place: TokenPlace,
  error: Unavailable,
): Promise<FoundPlace> => {
  const atMs = deps.clock.nowMs();
  const active = activeByToken(place, atMs);
  if (active === null) throw error;
  const ended = await deps.endings.find(place.concertId, place.userId);
  const reason = endedReasonOf(place, ended);
  const status = reason === null ? active : ({ kind: "ended", reason } as const);
  return { atMs, counters: null, status };
};

/**
 * Finds the status of the place that a genuine queue token names. `final` is the sale's state once no
 * user will be admitted any more, else null.
 *
 * Outcomes, first that applies:
 * - `ended`    the store or the database knows it; or the store has lost the place and the token's time
 *              is over; or the place waits and the sale is over
 * - `active`   by the store; or by the token, when the store is away or has lost the slot
 * - `waiting`  a place that the store has lost is restored first
 *
 * Throws Unavailable while the store is away, unless the token says ACTIVE; and while recovery does not
 * know yet whether a hold extends the slot. Cost: one store step, shared by the callers of one
 * event-loop turn; recovery adds up to three steps and three statements.
 */
export const findPlaceStatus =
  (deps: FindPlaceStatusDeps) =>
  async (place: TokenPlace, final: FinalState | null): Promise<FoundPlace> => {
    let reading: PlaceReading;
    try {
      reading = await deps.store.getStatus(place.concertId, place.userId, place);
    } catch (error) {
      if (error instanceof Unavailable) return withoutStore(deps, place, error);
      throw error;
    }
    // Nearly every poll ends here: each further promise would cost all of them.
    const status = statusByStore(reading, final);
    if (status === null) return resolveStatus(deps, place, final, reading);
    const { atMs, counters } = reading.snapshot;
    return { atMs, counters, status };
  };
