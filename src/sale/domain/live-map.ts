import type { InstantMs } from "#kernel/instant.ts";
import type { SeatingPlan } from "#kernel/seating-plan.ts";
import { countSeats, lapsedSeats, type SeatLetter, type SeatMap } from "./seat-map.ts";

/** The free seats of a section. */
export interface SectionCount {
  readonly name: string | null;
  readonly available: number;
}

interface Counts {
  readonly version: number;
  readonly seatsAvailable: number;
}

/** All seats of a show as one letter each. */
export interface WholeLiveMap extends Counts {
  readonly kind: "whole";
  readonly sections: readonly SectionCount[];
  readonly statuses: string;
}

/** The seats of a show that have changed since a version. */
export interface LiveChanges<Letter = SeatLetter> extends Counts {
  readonly kind: "changes";
  /** Those in which a seat has changed. */
  readonly sections: readonly SectionCount[];
  readonly changes: readonly (readonly [seatNumber: number, letter: Letter])[];
}

/** A letter as fans see it: to them a BLOCKED seat is SOLD. */
export type FanSeatLetter = Exclude<SeatLetter, "B">;

/** A live map as fans see it. */
export type FanLiveMap = WholeLiveMap | LiveChanges<FanSeatLetter>;

/** The number of letters A of each section. Counted once for each map: O(seats). */
const freeOf = (() => {
  const counted = new WeakMap<SeatMap, readonly number[]>();
  return (map: SeatMap, plan: SeatingPlan): readonly number[] => {
    const known = counted.get(map);
    if (known !== undefined) return known;
    const counts = plan.sections.map(({ firstSeat, lastSeat }) => {
      let free = 0;
      for (let index = firstSeat - 1; index < lastSeat; index += 1) {
        if (map.statuses.charAt(index) === "A") free += 1;
      }
      return free;
    });
    counted.set(map, counts);
    return counts;
  };
})();

/** The sections that contain one of the seats, or all; lapsed holds are free. */
const countSections = (
  map: SeatMap,
  plan: SeatingPlan,
  lapsed: readonly number[],
  onlyWith: readonly number[] | null,
): readonly SectionCount[] => {
  const free = freeOf(map, plan);
  return plan.sections.flatMap(({ name, firstSeat, lastSeat }, index) => {
    const isIn = (seatNumber: number): boolean => seatNumber >= firstSeat && seatNumber <= lastSeat;
    if (onlyWith !== null && !onlyWith.some(isIn)) return [];
    return [{ name, available: (free[index] ?? 0) + lapsed.filter(isIn).length }];
  });
};

/** The letters at a moment: a lapsed hold is A. */
const lettersAt = (statuses: string, lapsed: readonly number[]): string => {
  if (lapsed.length === 0) return statuses;
  const letters = statuses.split("");
  for (const seatNumber of lapsed) letters[seatNumber - 1] = "A";
  return letters.join("");
};

/** All seats of a show at a moment; a lapsed hold is A. */
export const wholeLiveMap = (map: SeatMap, plan: SeatingPlan, nowMs: InstantMs): WholeLiveMap => {
  const lapsed = lapsedSeats(map, nowMs);
  return {
    kind: "whole",
    version: map.version,
    seatsAvailable: countSeats(map, nowMs).AVAILABLE,
    sections: countSections(map, plan, lapsed, null),
    statuses: lettersAt(map.statuses, lapsed),
  };
};

/**
 * The changes that a client with the map of the version `since` may not know, the first that applies:
 * - no changes and the same version, when this map is older
 * - the whole map, when the changes since then are not known
 * - each seat that a transaction from `since` on has changed, and each lapsed hold. A change may be repeated
 *
 * O(seats changed since the map was first read).
 */
export const liveChanges = (
  map: SeatMap,
  plan: SeatingPlan,
  since: number,
  nowMs: InstantMs,
): WholeLiveMap | LiveChanges => {
  const seatsAvailable = countSeats(map, nowMs).AVAILABLE;
  if (since > map.version)
    return { kind: "changes", version: since, seatsAvailable, sections: [], changes: [] };
  if (since < map.since) return wholeLiveMap(map, plan, nowMs);
  const lapsed = lapsedSeats(map, nowMs);
  const free = new Set(lapsed);
  const numbers = [...map.changed].filter(([, xid]) => xid >= since).map(([seat]) => seat);
  const changed = [...new Set([...numbers, ...lapsed])].sort((a, b) => a - b);
  return {
    kind: "changes",
    version: map.version,
    seatsAvailable,
    sections: countSections(map, plan, lapsed, changed),
    changes: changed.map((seatNumber) => [
      seatNumber,
      free.has(seatNumber) ? "A" : (map.statuses.charAt(seatNumber - 1) as SeatLetter),
    ]),
  };
};

/** The map with S in place of each B. */
export const asFansSee = (map: WholeLiveMap | LiveChanges): FanLiveMap =>
  map.kind === "whole"
    ? { ...map, statuses: map.statuses.replaceAll("B", "S") }
    : {
        ...map,
        changes: map.changes.map(([seatNumber, letter]) => [
          seatNumber,
          letter === "B" ? "S" : letter,
        ]),
      };
