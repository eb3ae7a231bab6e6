import { placesText } from "../../shared/hall/place-texts.ts";
import type { Hall } from "./hall.ts";
import type { SeatStore } from "./seat-state.ts";

/** A price grade, and what is left of it on the selected date. */
export interface Grade {
  readonly name: string;
  readonly price: number;
  /** By price, the highest first. It gives the colour and the shape. */
  readonly rank: number;
  /** Undefined while it is not known. */
  readonly free: number | undefined;
}

/** The grades of a hall, the most expensive first. The concert has the present prices. */
export const gradesOf = ({ place }: SeatStore, { plan, ranks, statuses }: Hall): Grade[] =>
  plan.grades
    .map(({ name, price }, n) => ({
      name,
      price: place.concert.value?.grades.find((grade) => grade.name === name)?.price ?? price,
      rank: ranks[n] ?? 0,
      free: statuses.value?.freeByGrade[n],
    }))
    .sort((a, b) => a.rank - b.rank);

/** The grade of a seat. */
export const gradeIn = (store: SeatStore, hall: Hall, seatNumber: number): Grade | undefined => {
  const rank = hall.ranks[hall.gradeOf(seatNumber)];
  return gradesOf(store, hall).find((grade) => grade.rank === rank);
};

/** The price of a seat; 0 while it is not known. */
export const priceOf = (store: SeatStore, seatNumber: number): number => {
  const { value: hall } = store.hall;
  return (hall && gradeIn(store, hall, seatNumber)?.price) ?? 0;
};

/** Names seats by section and row, or by their numbers in a hall without sections. */
export const seatsText = ({ hall }: SeatStore, seatNumbers: readonly number[]): string => {
  const none = { section: null, row: null, name: null };
  return placesText(
    seatNumbers.map((seatNumber) => hall.value?.placeOf(seatNumber) ?? { seatNumber, ...none }),
  );
};
