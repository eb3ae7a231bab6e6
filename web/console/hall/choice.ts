import { rowSpan, wholeRows, type PlanSection } from "../../../src/kernel/seating-plan.ts";
import type { SeatingPlan } from "../../shared/hall/plan.ts";
import { signal, type Signal } from "../../shared/signals.ts";

/** Seats that follow each other, by their numbers. */
export interface SeatSpan {
  readonly firstSeat: number;
  readonly lastSeat: number;
}

/** The server takes at most so many seats by number in one request. */
const seatsPerRequest = 2_000;
/** Standing places are listed in parts of this size. */
const placesPerSpan = 100;

/** The rows of a section; a standing section in parts. */
export const spansOf = (section: PlanSection): readonly SeatSpan[] => {
  const { kind, firstSeat, lastSeat } = section;
  if (kind === "SEATED") return wholeRows(section);
  const parts = Math.ceil((lastSeat - firstSeat + 1) / placesPerSpan);
  return Array.from({ length: parts }, (_, n) => ({
    firstSeat: firstSeat + n * placesPerSpan,
    lastSeat: Math.min(lastSeat, firstSeat + (n + 1) * placesPerSpan - 1),
  }));
};

export const numbersOf = ({ firstSeat, lastSeat }: SeatSpan): readonly number[] =>
  Array.from({ length: lastSeat - firstSeat + 1 }, (_, n) => firstSeat + n);

/** The number of chosen seats in a span. */
export const countIn = (chosen: ReadonlySet<number>, { firstSeat, lastSeat }: SeatSpan): number => {
  let count = 0;
  for (let seat = firstSeat; seat <= lastSeat; seat += 1) if (chosen.has(seat)) count += 1;
  return count;
};

const isWhole = (chosen: ReadonlySet<number>, span: SeatSpan): boolean =>
  countIn(chosen, span) === span.lastSeat - span.firstSeat + 1;

/** The seats of a request: all of a section, or some by number. */
export type NamedSeats = { readonly section: string } | { readonly seatNumbers: readonly number[] };

/** The chosen seats as requests: whole sections by their names, the other seats by number. */
export const requestsOf = (
  { sections }: SeatingPlan,
  chosen: ReadonlySet<number>,
): readonly NamedSeats[] => {
  const whole: NamedSeats[] = [];
  const single: number[] = [];
  for (const section of sections) {
    if (section.name !== null && isWhole(chosen, section)) whole.push({ section: section.name });
    else single.push(...numbersOf(section).filter((seat) => chosen.has(seat)));
  }
  const parts = Math.ceil(single.length / seatsPerRequest);
  return [
    ...whole,
    ...Array.from({ length: parts }, (_, n) => ({
      seatNumbers: single.slice(n * seatsPerRequest, (n + 1) * seatsPerRequest),
    })),
  ];
};

/** The seats that an operator has chosen on a date: one to see its holder, or any to block and unblock. */
export interface SeatChoice {
  readonly isHouse: Signal<boolean>;
  readonly chosen: Signal<ReadonlySet<number>>;
  /** Chooses a seat, or gives it back. `toEnd`: with all seats between it and the last one, in one row. */
  choose(seatNumber: number, toEnd?: boolean): void;
  chooseAll(span: SeatSpan, isChosen: boolean): void;
  clear(): void;
}

/** The seats from one to another, when they are in one row; else only the second. */
const spanBetween = (plan: SeatingPlan, from: number | null, to: number): SeatSpan => {
  const row = from === null ? null : rowSpan(plan, from);
  const isOneRow = from !== null && row !== null && to >= row.firstSeat && to <= row.lastSeat;
  return isOneRow
    ? { firstSeat: Math.min(from, to), lastSeat: Math.max(from, to) }
    : { firstSeat: to, lastSeat: to };
};

export const createChoice = (plan: SeatingPlan): SeatChoice => {
  const isHouse = signal(false);
  const chosen = signal<ReadonlySet<number>>(new Set());
  let last: number | null = null;
  const chooseAll: SeatChoice["chooseAll"] = (span, isChosen) => {
    const next = new Set(chosen.peek());
    for (const seat of numbersOf(span))
      if (isChosen) next.add(seat);
      else next.delete(seat);
    chosen.value = next;
  };
  return {
    isHouse,
    chosen,
    choose(seatNumber, toEnd = false) {
      if (!isHouse.peek()) chosen.value = new Set([seatNumber]);
      else if (toEnd) chooseAll(spanBetween(plan, last, seatNumber), true);
      else
        chooseAll({ firstSeat: seatNumber, lastSeat: seatNumber }, !chosen.peek().has(seatNumber));
      last = seatNumber;
    },
    chooseAll,
    clear: () => void (chosen.value = new Set()),
  };
};
