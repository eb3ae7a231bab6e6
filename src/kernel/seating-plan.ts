/** The most seats of a show, and of a seating plan. */
export const planSeatsMax = 60_000;

/** The distance of neighbouring seats of a row without coordinates of their own, in metres. */
export const seatSpacing = 0.55;

/** A place in the hall, in metres. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A seat of a row in which each seat has a name, a grade or a place of its own. */
export interface PlanPlace extends Point {
  readonly name: string;
  readonly grade: string;
}

/**
 * A row of seats, or a part of one: rows of a section that follow each other and have one name are one row.
 * The coordinates of a row and of its places are in the frame of the section.
 */
export interface PlanRow extends Point {
  readonly name: string | null;
  readonly grade: string;
  readonly firstSeat: number;
  readonly lastSeat: number;
  /** The name of the first seat, from which the others follow in steps; null: the seats have no such names. */
  readonly firstName: number | null;
  /** Negative when the names fall from seat to seat. */
  readonly step: number;
  /** By how many metres the ends of the row lie nearer to the stage than its middle. */
  readonly curve: number;
  /** One for each seat, or null. */
  readonly places: readonly PlanPlace[] | null;
}

/** A part of the hall. A standing section has numbered places and no rows. */
export interface PlanSection extends Point {
  readonly name: string | null;
  readonly kind: "SEATED" | "STANDING";
  readonly grade: string;
  readonly firstSeat: number;
  readonly lastSeat: number;
  /** By how many degrees the section is turned clockwise around its own origin. */
  readonly angle: number;
  readonly rows: readonly PlanRow[];
}

/** The seats of every date of a concert, numbered from 1 in the order of the plan. It never changes. */
export interface SeatingPlan {
  readonly seatsTotal: number;
  /** The best seats are nearest to this point. */
  readonly focus: Point;
  readonly sections: readonly PlanSection[];
}

/** How a seat is called. */
export interface SeatLabel {
  /** Null in a hall without sections. */
  readonly section: string | null;
  /** Null for a standing place. */
  readonly row: string | null;
  readonly name: string | null;
  readonly grade: string;
}

/** Seats with numbers that follow each other, both ends included. */
export interface SeatSpan {
  readonly firstSeat: number;
  readonly lastSeat: number;
}

/** The span that contains the seat, of spans in ascending order. O(log n). */
const spanOf = <S extends SeatSpan>(spans: readonly S[], seatNumber: number): S | undefined => {
  let low = 0;
  let high = spans.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const span = spans[middle];
    if (span === undefined || span.firstSeat > seatNumber) high = middle - 1;
    else if (span.lastSeat < seatNumber) low = middle + 1;
    else return span;
  }
  return undefined;
};

const labelIn = (section: PlanSection, row: PlanRow, seatNumber: number): SeatLabel => {
  const offset = seatNumber - row.firstSeat;
  const place = row.places?.[offset];
  const counted = row.firstName === null ? null : String(row.firstName + offset * row.step);
  return {
    section: section.name,
    row: row.name,
    name: place?.name ?? counted,
    grade: place?.grade ?? row.grade,
  };
};

/** How the seat is called. Throws for a number that the plan does not have. O(log n). */
export const seatLabel = (plan: SeatingPlan, seatNumber: number): SeatLabel => {
  const section = spanOf(plan.sections, seatNumber);
  if (section === undefined) throw new Error(`the plan has no seat ${seatNumber}`);
  const row = spanOf(section.rows, seatNumber);
  return row === undefined
    ? { section: section.name, row: null, name: null, grade: section.grade }
    : labelIn(section, row, seatNumber);
};

/** The numbers of a section's rows as wholes: parts that follow each other and have one name are one. */
export const wholeRows = ({ rows }: PlanSection): readonly SeatSpan[] => {
  const whole: { name: string | null; firstSeat: number; lastSeat: number }[] = [];
  for (const { name, firstSeat, lastSeat } of rows) {
    const last = whole.at(-1);
    if (last !== undefined && last.name === name) last.lastSeat = lastSeat;
    else whole.push({ name, firstSeat, lastSeat });
  }
  return whole;
};

/**
 * The first and the last seat of the row in which the seat is; null for a standing place, which has no neighbours.
 * The 50 seats of a concert without a seating plan of its own are one row, whatever their grades.
 * Cost: O(rows of its section).
 */
export const rowSpan = (plan: SeatingPlan, seatNumber: number): SeatSpan | null => {
  const section = spanOf(plan.sections, seatNumber);
  return section === undefined ? null : (spanOf(wholeRows(section), seatNumber) ?? null);
};

/**
 * Whether seats are together: standing places of one section, or seats side by side in one row.
 * `seatNumbers`: ascending, at least one.
 */
export const areTogether = (plan: SeatingPlan, seatNumbers: readonly number[]): boolean => {
  const [first = 0] = seatNumbers;
  const last = seatNumbers.at(-1) ?? first;
  const section = spanOf(plan.sections, first);
  if (section === undefined || last > section.lastSeat) return false;
  if (section.kind === "STANDING") return true;
  const row = spanOf(wholeRows(section), first);
  return row !== undefined && last <= row.lastSeat && last - first === seatNumbers.length - 1;
};
