import type { ReservationId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { OperatorNote } from "../domain/commands.ts";
import { reservationStatusAt, type Reservation } from "../domain/reservation.ts";
import type { Records } from "../ports/records.ts";
import { cancelReservation, type CancelReservationDeps } from "./cancel-reservation.ts";

export interface ReleaseReservation extends OperatorNote {
  readonly reservationId: ReservationId;
}

export interface ReleaseReservationDeps extends CancelReservationDeps {
  readonly records: Pick<Records, "reservation">;
}

export type ReleaseReservationOutcome =
  | { readonly kind: "not-found" }
  | { readonly kind: "not-cancellable" }
  | { readonly kind: "released"; readonly reservation: Reservation; readonly nowMs: InstantMs };

/**
 * Cancels a reservation for an operator on behalf of its owner. The same transaction writes the operator
 * and the reason to the audit trail.
 *
 * Outcomes, first that applies:
 * - `not-found`        no such reservation
 * - `not-cancellable`  the reservation is paid
 * - `released`         the seats are AVAILABLE; a reservation that was cancelled, expired or lapsed before
 *                      stays as it is, and nothing is written to the audit trail
 *
 * Throws Unavailable.
 */
export const releaseReservation = (deps: ReleaseReservationDeps) => {
  const cancel = cancelReservation(deps);
  return async (command: ReleaseReservation): Promise<ReleaseReservationOutcome> => {
    const { reservationId, actor, reason } = command;
    const before = await deps.records.reservation(reservationId);
    if (before === null) return { kind: "not-found" };
    const { userId } = before.found;
    const onBehalf = { actor, reason };
    const outcome = await cancel({ reservationId, userId, tokenConcertId: null, onBehalf });
    if (outcome.kind === "not-cancellable") return { kind: "not-cancellable" };
    const after = await deps.records.reservation(reservationId);
    if (outcome.kind !== "cancelled" || after === null) return { kind: "not-found" };
    const { found, nowMs } = after;
    const status = reservationStatusAt(found, nowMs);
    return { kind: "released", reservation: { ...found, status }, nowMs };
  };
};
