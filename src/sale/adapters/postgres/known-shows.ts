import { BoundedMap } from "#kernel/bounded-map.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Seat } from "../../domain/seat.ts";
import type { SeatMap } from "../../domain/seat-map.ts";
import type { ChangesFrom, ChangesRow } from "./read-seat-maps.ts";

/** The seats of a show as a batch has read them, with what the office has changed since. No object is changed later. */
export interface KnownShow extends ChangesFrom {
  /** The moment from which each seat is free: 0 for AVAILABLE, the end of a hold, Infinity for SOLD and BLOCKED. */
  readonly freeFromMs: Float64Array;
}

/** The shows in which batches of an office have chosen seats, by `showKey`. */
export type KnownShows = BoundedMap<string, KnownShow>;

const showsMax = 100;
/** The database passes over its oldest open transaction in seconds, and then none of these is needed any more. */
const ownMax = 100;

export const knownShows = (): KnownShows => new BoundedMap(showsMax);

const freeFrom = (isAvailable: boolean, heldUntilMs: InstantMs | null | undefined): InstantMs =>
  isAvailable ? 0 : (heldUntilMs ?? Infinity);

/** A show that was read as a whole. */
export const knownShow = ({ statuses, ends, version }: SeatMap): KnownShow => {
  const freeFromMs = new Float64Array(statuses.length);
  for (let index = 0; index < freeFromMs.length; index += 1)
    freeFromMs[index] = freeFrom(statuses.charAt(index) === "A", ends.get(index + 1));
  return { freeFromMs, version, own: [] };
};

/** The show with the changes that a later statement has read. */
export const withChanges = (last: KnownShow, { changes, version }: ChangesRow): KnownShow => {
  const own = last.own.filter((xid) => xid >= version);
  if (changes === null) return { ...last, version, own };
  const freeFromMs = last.freeFromMs.slice();
  for (const [seatNumber, letter, expiresAtMs] of changes)
    freeFromMs[seatNumber - 1] = freeFrom(letter === "A", expiresAtMs);
  return { freeFromMs, version, own };
};

/** The show with the seats that a transaction of the office has saved and committed. */
export const withOwnChanges = (last: KnownShow, seats: readonly Seat[], xid: number): KnownShow => {
  const freeFromMs = last.freeFromMs.slice();
  for (const { seatNumber, status, expiresAtMs } of seats)
    freeFromMs[seatNumber - 1] = freeFrom(status === "AVAILABLE", expiresAtMs);
  return { ...last, freeFromMs, own: [...last.own, xid].slice(-ownMax) };
};

/** One element a seat: 1 when the seat is free at the moment. */
export const freeBits = ({ freeFromMs }: KnownShow, nowMs: InstantMs): Uint8Array => {
  const bits = new Uint8Array(freeFromMs.length);
  for (let index = 0; index < bits.length; index += 1)
    bits[index] = Number((freeFromMs[index] ?? Infinity) <= nowMs);
  return bits;
};
