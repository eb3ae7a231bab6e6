import type { SeatingPlan, SeatMap } from "../../sdk/index.ts";

/** The seats of a date as a fan's map shows them. */
export interface SeatsSeen {
  readonly version: string;
  /** `A`, `H` or `S` for each seat, from seat 1 on. */
  readonly letters: readonly string[];
  /** Free seats by section, as the server counts them. */
  readonly available: ReadonlyMap<string | null, number>;
}

export const isFree = ({ letters }: SeatsSeen, seatNumber: number): boolean =>
  letters[seatNumber - 1] === "A";

/** The seats that a fan's map shows after an answer: the whole map, or the changes since the map before. */
export const seatsAfter = (before: SeatsSeen | null, answer: SeatMap): SeatsSeen => {
  const letters = answer.statuses?.split("") ?? [...(before?.letters ?? [])];
  for (const [seatNumber, letter] of answer.changes ?? [])
    letters[Number(seatNumber) - 1] = String(letter);
  const counts = answer.sections.map(({ name, available }) => [name, available] as const);
  const available = new Map([...(before?.available ?? []), ...counts]);
  return { version: answer.version, letters, available };
};

/** The sections whose count of free seats is not the number of their letters A. */
export const miscounted = (hall: SeatingPlan, seen: SeatsSeen): string[] =>
  hall.sections.flatMap(({ name, firstSeat, lastSeat }) => {
    const free = seen.letters
      .slice(firstSeat - 1, lastSeat)
      .reduce((sum, letter) => sum + Number(letter === "A"), 0);
    const said = seen.available.get(name);
    return said === free
      ? []
      : [`map: section ${name} has ${free} letters A, its count is ${said}`];
  });
