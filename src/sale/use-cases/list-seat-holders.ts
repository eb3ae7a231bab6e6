import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import { seatStatusAt } from "../domain/seat.ts";
import type { SeatHolders, SeatWithHolder } from "../ports/seat-holders.ts";

export interface ListSeatHolders {
  readonly concertId: ConcertId;
  readonly date: string;
}

export type ListSeatHoldersOutcome =
  | { readonly kind: "date-not-found" }
  | {
      readonly kind: "seats";
      readonly date: string;
      readonly seats: readonly SeatWithHolder[];
      readonly nowMs: InstantMs;
    };

/**
 * Lists the seats of a show with the users who hold or own them, never older than the call. A seat whose
 * hold has lapsed has no holder. Throws Unavailable.
 */
export const listSeatHolders =
  ({ holders }: { readonly holders: SeatHolders }) =>
  async ({ concertId, date }: ListSeatHolders): Promise<ListSeatHoldersOutcome> => {
    const { found, nowMs } = await holders.seats(concertId, date);
    if (found.length === 0) return { kind: "date-not-found" };
    const seats = found.map((seat): SeatWithHolder => {
      const status = seatStatusAt(seat, nowMs);
      return status === "AVAILABLE" ? { ...seat, status, holder: null, expiresAtMs: null } : seat;
    });
    return { kind: "seats", date, seats, nowMs };
  };
