import type { QueueClaims } from "#kernel/place.ts";
import { Unavailable } from "#kernel/trouble.ts";
import { placeIdOf } from "../domain/place.ts";
import type { Attempt, GateOutcome, SeatGate } from "../ports/seat-gate.ts";
import type { Sales } from "../ports/sales.ts";
import { findStanding, type FindStandingDeps } from "./find-standing.ts";
import { readFinal } from "./read-queue.ts";

export interface PassGateDeps extends FindStandingDeps {
  readonly gate: Pick<SeatGate, "enter">;
  readonly sales: Pick<Sales, "find" | "stock">;
}

/** An attempt with what its token says of the slot's end. */
export interface GateAttempt extends Attempt {
  readonly activeUntilSeconds?: number | undefined;
}

export type PassGateOutcome =
  | Exclude<GateOutcome, { kind: "unknown" }>
  /** The line cannot tell: its store is away. Who is ACTIVE by his token may go on to the database. */
  | { readonly kind: "away" };

/**
 * Lets a place that is ACTIVE through to the seats, which are locked for it: see `SeatGate.enter`. A
 * place that the store has lost is put back first, with `activeUntilSeconds` into its slot. Does not throw
 * Unavailable: that is `away`.
 */
export const passGate =
  (deps: PassGateDeps) =>
  async (attempt: GateAttempt): Promise<PassGateOutcome> => {
    try {
      const entered = await deps.gate.enter(attempt);
      if (entered.kind !== "unknown" && entered.kind !== "not-active") return entered;
      // Who waits for a sale that is over waits no longer.
      const final = await readFinal(deps)(attempt.concertId);
      if (entered.kind === "not-active") return { kind: final === null ? "not-active" : "ended" };
      const { standing } = await findStanding(deps)(claimsOf(attempt), final);
      if (standing.kind === "ended") return { kind: "ended" };
      if (standing.kind === "waiting") return { kind: "not-active" };
      const again = await deps.gate.enter(attempt);
      return again.kind === "unknown" ? { kind: "ended" } : again;
    } catch (error) {
      if (error instanceof Unavailable) return { kind: "away" };
      throw error;
    }
  };

const claimsOf = (attempt: GateAttempt): QueueClaims => {
  const { userId, concertId, epoch, seq, activeUntilSeconds } = attempt;
  const place = { userId, concertId, epoch, seq, placeId: placeIdOf(attempt) };
  return activeUntilSeconds === undefined ? place : { ...place, activeUntilSeconds };
};
