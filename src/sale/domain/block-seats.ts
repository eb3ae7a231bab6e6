import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import { replaceSeat, type BatchState } from "./batch-state.ts";
import type { OperatorNote } from "./commands.ts";
import { blockSeat, freeSeat, seatKey, seatStatusAt, type Seat } from "./seat.ts";

/** Takes seats of a show out of the sale, or puts them back. */
export interface BlockSeats extends OperatorNote {
  readonly concertId: ConcertId;
  readonly date: string;
  /** Ascending, each once, at least one. */
  readonly seatNumbers: readonly number[];
  readonly to: "BLOCKED" | "AVAILABLE";
}

export type BlockSeatsOutcome =
  | { readonly kind: "date-not-found" }
  | {
      readonly kind: "blocked";
      /** Those of the named seats that are BLOCKED now. */
      readonly blocked: number;
      /** Those whose status has changed. */
      readonly changed: number;
      /** Those that belong to a reservation: they stay as they are. Ascending. */
      readonly skipped: readonly {
        readonly seatNumber: number;
        readonly status: "HELD" | "SOLD";
      }[];
    };

/** Numbers as text, in runs: "1-20, 31". `seatNumbers` ascend. */
const inRuns = (seatNumbers: readonly number[]): string => {
  const runs: [first: number, last: number][] = [];
  for (const seatNumber of seatNumbers) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] === seatNumber - 1) run[1] = seatNumber;
    else runs.push([seatNumber, seatNumber]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(", ");
};

/**
 * Blocks the seats that are AVAILABLE, or frees those that are BLOCKED. Seats that are HELD or SOLD stay. The
 * change is written to the audit trail; a command that changes nothing is not. `state` has the locked seats.
 */
export const decideBlock = (
  state: BatchState,
  command: BlockSeats,
  nowMs: InstantMs,
): BlockSeatsOutcome => {
  const { actor, reason, concertId, date, seatNumbers, to } = command;
  const seats = seatNumbers.flatMap((one) => state.seats.get(seatKey(concertId, date, one)) ?? []);
  if (seats.length < seatNumbers.length) return { kind: "date-not-found" };
  const skipped: { seatNumber: number; status: "HELD" | "SOLD" }[] = [];
  const changed: Seat[] = [];
  for (const seat of seats) {
    const status = seatStatusAt(seat, nowMs);
    if (status === "HELD" || status === "SOLD")
      skipped.push({ seatNumber: seat.seatNumber, status });
    else if (status !== to) changed.push(to === "BLOCKED" ? blockSeat(seat) : freeSeat(seat));
  }
  for (const seat of changed) replaceSeat(state, seat);
  if (changed.length > 0) {
    const isBlocked = to === "BLOCKED";
    state.changes.audits.push({
      actor,
      action: isBlocked ? "seats.blocked" : "seats.unblocked",
      concertId,
      before: { date, status: isBlocked ? "AVAILABLE" : "BLOCKED" },
      after: { date, status: to, seats: inRuns(changed.map((seat) => seat.seatNumber)), reason },
    });
  }
  const blocked = to === "BLOCKED" ? seats.length - skipped.length : 0;
  return { kind: "blocked", blocked, changed: changed.length, skipped };
};
