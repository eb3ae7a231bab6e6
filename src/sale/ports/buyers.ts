import type { ConcertId, UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import type { UnpaidHold } from "../domain/hold-limit.ts";

/** The committed state of one user in one concert. */
export interface BuyerView {
  /** The highest place of the user that has ended; epoch 0 and seq 0 when none has. */
  readonly ended: PlaceMark;
  /** Whether the user has a reservation that is CONFIRMED, or HELD (lapsed or not). */
  readonly hasSeats: boolean;
  /** The unpaid holds that a limit may count; a lapsed hold is one once it is swept. */
  readonly unpaidHolds: readonly UnpaidHold[];
}

export interface Buyers {
  /** Never older than the call. Takes no lock. Throws Unavailable. */
  get(userId: UserId, concertId: ConcertId): Promise<BuyerView>;
}
