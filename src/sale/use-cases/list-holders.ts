import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import { seatStatusAt } from "../domain/seat.ts";
import type { Holders, OwnedSeat } from "../ports/holders.ts";

export interface ListHolders {
  readonly concertId: ConcertId;
  readonly date: string;
}

export type ListHoldersOutcome =
  | { readonly kind: "date-not-found" }
  | {
      readonly kind: "seats";
      readonly date: string;
      readonly seats: readonly OwnedSeat[];
      readonly nowMs: InstantMs;
    };

/** The seats of a show, current, and whose they are: a lapsed hold is nobody's. Throws Unavailable. */
export const listHolders =
  ({ holders }: { readonly holders: Holders }) =>
  async ({ concertId, date }: ListHolders): Promise<ListHoldersOutcome> => {
    const { found, nowMs } = await holders.seats(concertId, date);
    if (found.length === 0) return { kind: "date-not-found" };
    const seats = found.map((seat): OwnedSeat => {
      const status = seatStatusAt(seat, nowMs);
      return status === "AVAILABLE" ? { ...seat, status, holder: null, expiresAtMs: null } : seat;
    });
    return { kind: "seats", date, seats, nowMs };
  };
