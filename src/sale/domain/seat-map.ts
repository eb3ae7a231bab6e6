import type { InstantMs } from "#kernel/instant.ts";
import type { Stock } from "#kernel/stock.ts";
import { isLapsed, type SeatStatus } from "./seat.ts";

/** The first letters of AVAILABLE, HELD, SOLD and BLOCKED. */
export type SeatLetter = "A" | "H" | "S" | "B";

/** The seats of one show, at most 1 s old. */
export interface SeatMap {
  readonly date: string;
  readonly startsAtMs: InstantMs;
  /** The letter of each seat, by number; a lapsed hold is still H until its row changes. */
  readonly statuses: string;
  /** The ends of the HELD seats, by seat number. */
  readonly ends: ReadonlyMap<number, InstantMs>;
  /** The number of letters S. */
  readonly soldCount: number;
  /** The number of letters B. */
  readonly blockedCount: number;
  /** Every change of a transaction before this one is in the map; see SeatMaps. */
  readonly version: number;
  /** The first version of which `changed` knows all later changes. */
  readonly since: number;
  /** The transaction that has changed a seat last, by seat number; none for a seat unchanged from `since` on. */
  readonly changed: ReadonlyMap<number, number>;
}

/** One seat as a read of the changes found it. */
export interface SeatChange {
  readonly seatNumber: number;
  readonly letter: SeatLetter;
  /** Set exactly for H. */
  readonly expiresAtMs: InstantMs | null;
  /** The transaction of the change. */
  readonly xid: number;
}

const statusOf = { A: "AVAILABLE", H: "HELD", S: "SOLD", B: "BLOCKED" } as const satisfies Record<
  SeatLetter,
  SeatStatus
>;

const countLetter = (statuses: string, letter: SeatLetter): number => {
  let count = 0;
  for (let at = statuses.indexOf(letter); at !== -1; at = statuses.indexOf(letter, at + 1))
    count += 1;
  return count;
};

const countsOf = (statuses: string): Pick<SeatMap, "soldCount" | "blockedCount"> => ({
  soldCount: countLetter(statuses, "S"),
  blockedCount: countLetter(statuses, "B"),
});

/** The map of a show that was read as a whole. */
export const wholeMap = (
  show: Pick<SeatMap, "date" | "startsAtMs" | "statuses" | "ends" | "version">,
): SeatMap => ({
  ...show,
  ...countsOf(show.statuses),
  since: show.version,
  changed: new Map(),
});

/** The map with the changes in place, as of a later version. */
export const changedMap = (
  map: SeatMap,
  changes: readonly SeatChange[],
  now: Pick<SeatMap, "startsAtMs" | "version">,
): SeatMap => {
  if (changes.length === 0) return { ...map, ...now };
  const letters = map.statuses.split("");
  const ends = new Map(map.ends);
  const changed = new Map(map.changed);
  for (const { seatNumber, letter, expiresAtMs, xid } of changes) {
    letters[seatNumber - 1] = letter;
    changed.set(seatNumber, xid);
    if (expiresAtMs === null) ends.delete(seatNumber);
    else ends.set(seatNumber, expiresAtMs);
  }
  const statuses = letters.join("");
  return { ...map, ...now, statuses, ends, changed, ...countsOf(statuses) };
};

/** The status of a seat at a moment; a lapsed hold is AVAILABLE. Undefined for a number that the show does not have. */
export const statusAt = (
  { statuses, ends }: SeatMap,
  seatNumber: number,
  nowMs: InstantMs,
): SeatStatus | undefined => {
  const letter = statuses.charAt(seatNumber - 1) as SeatLetter | "";
  if (letter === "") return undefined;
  if (letter !== "H") return statusOf[letter];
  const endsAtMs = ends.get(seatNumber);
  return endsAtMs !== undefined && isLapsed(endsAtMs, nowMs) ? "AVAILABLE" : "HELD";
};

/** The numbers of the seats whose hold has lapsed and whose row still says HELD. */
export const lapsedSeats = ({ ends }: SeatMap, nowMs: InstantMs): readonly number[] => {
  const lapsed: number[] = [];
  // No copy of the map: nearly all of the holds of a large hall are live.
  for (const [seatNumber, endsAtMs] of ends) {
    if (isLapsed(endsAtMs, nowMs)) lapsed.push(seatNumber);
  }
  return lapsed;
};

/** The number of seats in each status at a moment; a lapsed hold counts as AVAILABLE. O(held seats). */
export const countSeats = (
  show: SeatMap,
  nowMs: InstantMs,
): Readonly<Record<SeatStatus, number>> => {
  const held = show.ends.size - lapsedSeats(show, nowMs).length;
  const { soldCount: sold, blockedCount: blocked } = show;
  const available = show.statuses.length - held - sold - blocked;
  return { AVAILABLE: available, HELD: held, SOLD: sold, BLOCKED: blocked };
};

/** Whether a show has begun: from the millisecond of its start on. */
export const hasBegun = (show: Pick<SeatMap, "startsAtMs">, nowMs: InstantMs): boolean =>
  nowMs >= show.startsAtMs;

/** Counts the seats of all shows of a concert, of which there is at least one. */
export const countStock = (shows: readonly SeatMap[], nowMs: InstantMs): Stock => {
  const stock = { available: 0, held: 0, mayReturn: 0, sold: 0, total: 0, hasEnded: true };
  for (const show of shows) {
    const counts = countSeats(show, nowMs);
    stock.held += counts.HELD;
    stock.sold += counts.SOLD;
    stock.total += show.statuses.length;
    if (hasBegun(show, nowMs)) continue;
    stock.available += counts.AVAILABLE;
    stock.mayReturn += counts.HELD;
    stock.hasEnded = false;
  }
  return stock;
};

/** The next moment at which a hold lapses or a show begins, so that the stock changes; Infinity for never. */
export const nextChangeMs = (shows: readonly SeatMap[], nowMs: InstantMs): InstantMs => {
  let nextMs = Number.POSITIVE_INFINITY;
  for (const show of shows) {
    if (!hasBegun(show, nowMs)) nextMs = Math.min(nextMs, show.startsAtMs);
    for (const expiresAtMs of show.ends.values()) {
      if (expiresAtMs > nowMs) nextMs = Math.min(nextMs, expiresAtMs);
    }
  }
  return nextMs;
};

/**
 * Those of the given seats that the map shows as SOLD, and those that it shows as taken for now: HELD and not lapsed,
 * or BLOCKED; ascending.
 */
export const takenSeats = (
  show: SeatMap,
  seatNumbers: readonly number[],
  nowMs: InstantMs,
): { readonly sold: readonly number[]; readonly held: readonly number[] } => {
  const inStatus = (...statuses: readonly (SeatStatus | undefined)[]) =>
    seatNumbers
      .filter((seatNumber) => statuses.includes(statusAt(show, seatNumber, nowMs)))
      .sort((a, b) => a - b);
  return { sold: inStatus("SOLD"), held: inStatus("HELD", "BLOCKED") };
};
