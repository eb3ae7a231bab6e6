import { placeIdOf } from "../domain/place.ts";
import { saysActive } from "../domain/token-claims.ts";
import type { QueueClaims } from "#kernel/place.ts";
import { Unavailable } from "#kernel/trouble.ts";
import type { Attempt, GateOutcome, SeatGate } from "../ports/seat-gate.ts";
import { findStanding, type FindStandingDeps } from "./find-standing.ts";

export interface PassGateDeps extends FindStandingDeps {
  readonly gate: Pick<SeatGate, "enter">;
}

/** An attempt with what its token says of the slot's end. */
export interface GateAttempt extends Attempt {
  readonly activeUntilSeconds?: number | undefined;
}

export type PassGateOutcome =
  | Exclude<GateOutcome, { kind: "unknown" }>
  /** The line's store is away and the token says ACTIVE: the database decides alone. */
  | { readonly kind: "away" };

/**
 * Lets a place that is ACTIVE through to the seats, which are locked for it: see `SeatGate.enter`. A
 * place that the store has lost is put back first. Throws Unavailable for places that are not ACTIVE by
 * their token while the store is away.
 */
export const passGate =
  (deps: PassGateDeps) =>
  async (attempt: GateAttempt): Promise<PassGateOutcome> => {
    const claims = claimsOf(attempt);
    try {
      const entered = await deps.gate.enter(attempt);
      if (entered.kind !== "unknown") return entered;
      const { standing } = await findStanding(deps)(claims, null);
      if (standing.kind === "ended") return { kind: "ended" };
      if (standing.kind === "waiting") return { kind: "not-active" };
      const again = await deps.gate.enter(attempt);
      return again.kind === "unknown" ? { kind: "ended" } : again;
    } catch (error) {
      if (error instanceof Unavailable && saysActive(claims, deps.clock.nowMs()))
        return { kind: "away" };
      throw error;
    }
  };

const claimsOf = (attempt: GateAttempt): QueueClaims => {
  const { userId, concertId, epoch, seq, activeUntilSeconds } = attempt;
  const place = { userId, concertId, epoch, seq, placeId: placeIdOf(attempt) };
  return activeUntilSeconds === undefined ? place : { ...place, activeUntilSeconds };
};
