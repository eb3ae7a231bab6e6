import type { ConcertId } from "#kernel/ids.ts";
import type { QueueGate, TokenPlace } from "#kernel/queue-gate.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { saysActive } from "../domain/token-claims.ts";
import type { SeatGate, Unresolved } from "../ports/seat-gate.ts";
import type { Sales } from "../ports/sales.ts";
import { findPlaceStatus, type FindPlaceStatusDeps } from "./find-place-status.ts";
import { readFinal } from "./read-queue.ts";

export interface QueueGateDeps extends FindPlaceStatusDeps {
  readonly gate: Pick<SeatGate, "enter" | "checkActive" | "releaseLocks">;
  readonly sales: Pick<Sales, "find" | "stock">;
  /** Hears that the locks of an attempt were not released. */
  readonly onReleaseFailed: (concertId: ConcertId, error: unknown) => void;
}

type Refused = { readonly kind: "not-active" } | { readonly kind: "ended" };
type Away = { readonly kind: "away" };

const isUnresolved = (outcome: { readonly kind: string }): outcome is Unresolved =>
  outcome.kind === "unknown" || outcome.kind === "grace-period";

/**
 * Why a place that the store does not know, or knows as waiting, is refused; null when the place is
 * ACTIVE all the same. Then the store knows of its slot. Throws Unavailable.
 */
const refusalOf = async (
  deps: QueueGateDeps,
  place: TokenPlace,
  isUnknown: boolean,
): Promise<Refused | null> => {
  const final = await readFinal(deps)(place.concertId);
  if (!isUnknown && !saysActive(place, deps.clock.nowMs())) {
    return { kind: final === null ? "not-active" : "ended" };
  }
  const { status } = await findPlaceStatus(deps)(place, final);
  switch (status.kind) {
    case "ended":
      return { kind: "ended" };
    case "waiting":
      return { kind: "not-active" };
    case "active":
      return null;
  }
};

/**
 * Asks the store about a place. Where the store's answer is not the last word, the database and the token
 * resolve the place, a lost one is restored, and the store is asked once more.
 */
const askGate = async <Outcome extends { readonly kind: string }>(
  deps: QueueGateDeps,
  place: TokenPlace,
  ask: () => Promise<Outcome | Refused | Unresolved>,
): Promise<Outcome | Refused | Away> => {
  try {
    const first = await ask();
    if (first.kind === "grace-period") return { kind: "away" };
    if (!isUnresolved(first) && first.kind !== "not-active") return first;
    const refusal = await refusalOf(deps, place, first.kind === "unknown");
    if (refusal !== null) return refusal;
    const second = await ask();
    if (second.kind === "unknown") return { kind: "ended" };
    return isUnresolved(second) || second.kind === "not-active" ? { kind: "away" } : second;
  } catch (error) {
    if (error instanceof Unavailable) return { kind: "away" };
    throw error;
  }
};

/** The gate in front of the seats: see `QueueGate` for what each method promises. */
export const queueGate = (deps: QueueGateDeps): QueueGate => ({
  enter: (attempt) => askGate(deps, attempt, () => deps.gate.enter(attempt)),
  checkActive: (place) => askGate(deps, place, () => deps.gate.checkActive(place)),
  async releaseLocks(attempt, hold) {
    try {
      await deps.gate.releaseLocks(attempt, hold);
      return true;
    } catch (error) {
      deps.onReleaseFailed(attempt.concertId, error);
      return false;
    }
  },
});
