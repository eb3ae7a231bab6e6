import type { Point } from "#kernel/seating-plan.ts";
import type { Money } from "#kernel/money.ts";

/** Coordinates in metres; derived when they are left out. */
type MaybePoint = Partial<Point>;

/** A seat with a name of its own. */
export interface PlaceInput extends MaybePoint {
  readonly name: string;
  /** The grade of the row when it is left out. */
  readonly grade?: string;
}

/** A row with either `seats` or `places`. */
export interface RowInput extends MaybePoint {
  readonly name: string;
  /** The names of the seats: from the first to the last number. */
  readonly seats?: readonly [number, number];
  /** From one name to the next; 2 for odd or even numbers. */
  readonly step?: number;
  /** The names count from the right. */
  readonly reverse?: boolean;
  /** By how many metres the ends of the row lie nearer to the stage than its middle. */
  readonly curve?: number;
  /** The grade of the section when it is left out. */
  readonly grade?: string;
  readonly places?: readonly PlaceInput[];
}

/** A section: SEATED with `rows`, or STANDING with a `capacity`. */
export interface SectionInput extends MaybePoint {
  readonly name: string;
  readonly kind: "SEATED" | "STANDING";
  readonly grade: string;
  readonly angle?: number;
  readonly rows?: readonly RowInput[];
  readonly capacity?: number;
}

/** A seating plan as the operator writes it. */
export interface PlanInput {
  readonly grades: readonly { readonly name: string; readonly price: Money }[];
  readonly sections: readonly SectionInput[];
  readonly focus?: Point;
}

export const planLimits = {
  grades: 50,
  sections: 500,
  rows: 400,
  seatsOfRow: 500,
  nameChars: 50,
  /** The highest number in the name of a seat. */
  seatName: 99_999,
  step: 100,
  /** In metres, on both axes and in both directions. */
  coordinate: 10_000,
  /** In metres. */
  curve: 100,
  /** In degrees, in both directions. */
  angle: 360,
} as const;

/** The number of seats of a row with a valid input. */
export const seatCountOf = ({ seats, step = 1, places }: RowInput): number =>
  places?.length ?? (seats === undefined ? 0 : Math.floor((seats[1] - seats[0]) / step) + 1);
