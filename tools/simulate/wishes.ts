import type { SeatingPlan } from "../../sdk/index.ts";
import { isFree, type SeatsSeen } from "./seats-seen.ts";

export interface BestWish {
  readonly count: number;
  readonly grade?: string;
  readonly section?: string;
  readonly together?: boolean;
}

/** The seats that a fan asks for: chosen by the server, or by number. */
export type Wish = { readonly best: BestWish } | { readonly seatNumbers: readonly number[] };

type Section = SeatingPlan["sections"][number];

/** Of the fans, those who come alone, in pairs, in threes and in fours. */
const groups = [0.2, 0.5, 0.15, 0.15] as const;
export const seatsABuyer = groups.reduce((sum, share, n) => sum + share * (n + 1), 0);

/** Of the fans, those who let the server choose, and of them those who name something. */
const asksBest = 0.6;
const asksTogether = 0.5;
const asksGrade = 0.2;
const asksSection = 0.2;
/** Rows that a fan looks at before choosing seats in the foremost of them. */
const rowsCompared = 3;

export const anyOf = <T>(list: readonly T[]): T | undefined =>
  list[Math.floor(Math.random() * list.length)];

/** The number of seats that a fan looks for: 1 to 4, and at most as many as a user may have. */
export const groupSize = (seatsMax: number): number => {
  let chance = Math.random();
  const index = groups.findIndex((share) => (chance -= share) < 0);
  return Math.min(index + 1 || 1, seatsMax);
};

/** A section with free seats, by their number. */
const anySection = ({ sections }: SeatingPlan, { available }: SeatsSeen): Section | undefined => {
  const freeOf = ({ name }: Section): number => available.get(name) ?? 0;
  let chance = Math.random() * sections.reduce((sum, section) => sum + freeOf(section), 0);
  return sections.find((section) => (chance -= freeOf(section)) < 0);
};

/** The first seats of all runs of `count` free seats in the rows of the section. */
const runsIn = ({ rows }: Section, seen: SeatsSeen, count: number): number[] =>
  rows.flatMap(({ firstSeat, lastSeat }) => {
    const firsts: number[] = [];
    let length = 0;
    for (let seat = firstSeat; seat <= lastSeat; seat += 1) {
      length = isFree(seen, seat) ? length + 1 : 0;
      if (length >= count) firsts.push(seat - count + 1);
    }
    return firsts;
  });

/** Seats side by side in the section, as near to the stage as some others; fewer where there are not as many. */
const seatsIn = (section: Section, seen: SeatsSeen, count: number): number[] => {
  for (let size = count; size > 0; size -= 1) {
    const runs = runsIn(section, seen, size);
    if (runs.length === 0) continue;
    const compared = Array.from({ length: rowsCompared }, () => anyOf(runs) ?? 0);
    const first = Math.min(...compared);
    return Array.from({ length: size }, (_, n) => first + n);
  }
  return [];
};

const bestIn = ({ name, grade }: Section, count: number): BestWish => {
  const chance = Math.random();
  return {
    count,
    ...(Math.random() < asksTogether && { together: true }),
    ...(chance < asksGrade && { grade }),
    ...(chance > 1 - asksSection && name !== null && { section: name }),
  };
};

/** The wish of a fan who sees this map. Null when nothing is free. Standing places are not asked by number. */
export const chooseWish = (hall: SeatingPlan, seen: SeatsSeen, count: number): Wish | null => {
  const section = anySection(hall, seen);
  if (section === undefined) return null;
  if (Math.random() < asksBest) return { best: bestIn(section, count) };
  if (section.kind === "STANDING") return { best: { count, section: section.name ?? "" } };
  const seatNumbers = seatsIn(section, seen, count);
  return seatNumbers.length === 0 ? { best: { count } } : { seatNumbers };
};
