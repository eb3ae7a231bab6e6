import type { BlockSeats, BlockSeatsOutcome } from "../domain/block-seats.ts";

/** Changes which seats are in the sale. */
export interface HouseSeats {
  /**
   * Decides and stores the command with its audit entry in one transaction, under the locks of the seats. Throws
   * Unavailable.
   */
  change(command: BlockSeats): Promise<BlockSeatsOutcome>;
}
