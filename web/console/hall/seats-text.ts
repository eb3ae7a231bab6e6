import { placeName } from "../../shared/hall/names.ts";
import { placesText } from "../../shared/hall/place-texts.ts";
import type { SeatingPlan } from "../../shared/hall/plan.ts";
import { formatNumber } from "../../shared/language.ts";
import { countIn } from "./choice.ts";
import { houseTexts } from "./house-texts.ts";

/** As many seats as a reader takes in by their names. */
const namedMax = 40;

/** Seats by their names, the first of many. */
export const namesOf = (plan: SeatingPlan, seatNumbers: readonly number[]): string => {
  const named = placesText(seatNumbers.slice(0, namedMax).map((one) => placeName(plan, one)));
  const more = seatNumbers.length - namedMax;
  return more > 0 ? `${named} · ${houseTexts().andMore(formatNumber(more))}` : named;
};

/** Seats by their names; when there are many, the number of them in each section. */
export const seatsText = (plan: SeatingPlan, seatNumbers: Iterable<number>): string => {
  const seats = new Set(seatNumbers);
  if (seats.size <= namedMax)
    return namesOf(
      plan,
      [...seats].toSorted((a, b) => a - b),
    );
  return plan.sections
    .map((section) => [section.name ?? "", countIn(seats, section)] as const)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => houseTexts().inSection(name, formatNumber(count)))
    .join(" · ");
};

/** The numbers of runs as the audit trail writes them: "1-20, 31". */
export const numbersInRuns = (runs: string): readonly number[] =>
  runs.split(", ").flatMap((run) => {
    const [first = 0, last = first] = run.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, n) => first + n);
  });
