import type { BlockSeats, BlockSeatsOutcome } from "../domain/block-seats.ts";
import type { HouseSeats } from "../ports/house-seats.ts";
import type { SeatingPlans } from "../ports/seating-plans.ts";

/** Exactly one of `seatNumbers` and `section`. */
export interface ChangeHouseSeats extends Omit<BlockSeats, "seatNumbers"> {
  readonly seatNumbers?: readonly number[];
  readonly section?: string;
}

export type ChangeHouseSeatsOutcome =
  | BlockSeatsOutcome
  | { readonly kind: "section-not-found" }
  /** The first number that the plan does not have, by its index. */
  | { readonly kind: "seat-not-found"; readonly index: number; readonly seatsTotal: number };

/**
 * Takes seats of a show, or all of a section, out of the sale, or puts them back.
 *
 * Outcomes, first that applies: `date-not-found` (also without such a concert), `section-not-found`,
 * `seat-not-found`, `blocked`. Throws Unavailable.
 */
export const changeHouseSeats =
  (deps: { readonly plans: SeatingPlans; readonly houseSeats: HouseSeats }) =>
  async (command: ChangeHouseSeats): Promise<ChangeHouseSeatsOutcome> => {
    const { seatNumbers = [], section, ...rest } = command;
    const plan = await deps.plans.find(command.concertId);
    if (plan === null) return { kind: "date-not-found" };
    if (section !== undefined) {
      const found = plan.sections.find(({ name }) => name === section);
      if (found === undefined) return { kind: "section-not-found" };
      const { firstSeat, lastSeat } = found;
      const all = Array.from({ length: lastSeat - firstSeat + 1 }, (_, n) => firstSeat + n);
      return deps.houseSeats.change({ ...rest, seatNumbers: all });
    }
    const { seatsTotal } = plan;
    const index = seatNumbers.findIndex((seatNumber) => seatNumber > seatsTotal);
    if (index !== -1) return { kind: "seat-not-found", index, seatsTotal };
    return deps.houseSeats.change({ ...rest, seatNumbers: seatNumbers.toSorted((a, b) => a - b) });
  };
