import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import { seatStatusAt } from "../domain/seat.ts";
import type { SeatHolders, SeatWithHolder } from "../ports/seat-holders.ts";
import type { SeatingPlans } from "../ports/seating-plans.ts";

export interface ListSeatHolders {
  readonly concertId: ConcertId;
  readonly date: string;
  /** Only this seat; null for all. */
  readonly seatNumber: number | null;
}

export type ListSeatHoldersOutcome =
  | { readonly kind: "date-not-found" }
  /** The plan has no seat of this number. */
  | { readonly kind: "seat-not-found"; readonly seatsTotal: number }
  | {
      readonly kind: "seats";
      readonly date: string;
      readonly seats: readonly SeatWithHolder[];
      readonly nowMs: InstantMs;
    };

/**
 * Lists the seats of a show, or one of them, with the users who hold or own them, never older than the call. A seat
 * whose hold has lapsed has no holder. Throws Unavailable.
 *
 * Outcomes, first that applies: `date-not-found` (also without such a concert), `seat-not-found`, `seats`. O(seats).
 */
export const listSeatHolders =
  (deps: { readonly holders: SeatHolders; readonly plans: SeatingPlans }) =>
  async ({ concertId, date, seatNumber }: ListSeatHolders): Promise<ListSeatHoldersOutcome> => {
    const plan = await deps.plans.find(concertId);
    if (plan === null) return { kind: "date-not-found" };
    const { seatsTotal } = plan;
    if (seatNumber !== null && seatNumber > seatsTotal)
      return { kind: "seat-not-found", seatsTotal };
    const { found, nowMs } = await deps.holders.seats(concertId, date, seatNumber);
    if (found.length === 0) return { kind: "date-not-found" };
    const seats = found.map((seat): SeatWithHolder => {
      const status = seatStatusAt(seat, nowMs);
      return status === "AVAILABLE" ? { ...seat, status, holder: null, expiresAtMs: null } : seat;
    });
    return { kind: "seats", date, seats, nowMs };
  };
