import {
  seatLabel,
  seatSpacing,
  wholeRows,
  type PlanRow,
  type PlanSection,
  type Point,
  type SeatingPlan,
} from "#kernel/seating-plan.ts";

/** Seats side by side, or the places of a standing section. The bounds are indexes: seat numbers minus one. */
export interface SeatRow {
  /** Its index among the rows of the hall. */
  readonly index: number;
  readonly first: number;
  readonly last: number;
  /** Index of the section. */
  readonly section: number;
  readonly isStanding: boolean;
  /** The distance of its nearest seat. */
  readonly nearest: number;
}

/** A plan in the form in which seats are chosen. Arrays have one element a seat. */
export interface SeatGeometry {
  readonly rows: readonly SeatRow[];
  /** Index of the seat's row. */
  readonly rowOf: Uint16Array;
  /** Names of the sections. */
  readonly sections: readonly (string | null)[];
  /** Names of the grades that seats have. */
  readonly grades: readonly string[];
  /** Index of the seat's grade. */
  readonly gradeOf: Uint8Array;
  /** Metres from the seat to the focus. */
  readonly distance: Float64Array;
}

/** The seat's place in the frame of its section. */
const placeInSection = (row: PlanRow, seatNumber: number): Point => {
  const index = seatNumber - row.firstSeat;
  const place = row.places?.[index];
  if (place !== undefined) return place;
  const count = row.lastSeat - row.firstSeat + 1;
  const fromMiddle = index - (count - 1) / 2;
  const share = count < 2 ? 0 : (2 * fromMiddle) / (count - 1);
  return { x: row.x + fromMiddle * seatSpacing, y: row.y - row.curve * share * share };
};

const measure = (section: PlanSection, { x, y }: Point, focus: Point): number => {
  const radians = (section.angle * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  return Math.hypot(
    section.x + x * cos - y * sin - focus.x,
    section.y + x * sin + y * cos - focus.y,
  );
};

const rowsOf = (
  section: PlanSection,
  index: number,
  distance: Float64Array,
): readonly Omit<SeatRow, "index">[] => {
  const isStanding = section.kind === "STANDING";
  return (isStanding ? [section] : wholeRows(section)).map(({ firstSeat, lastSeat }) => ({
    first: firstSeat - 1,
    last: lastSeat - 1,
    section: index,
    isStanding,
    nearest: distance.subarray(firstSeat - 1, lastSeat).reduce((a, b) => Math.min(a, b), Infinity),
  }));
};

const build = (plan: SeatingPlan): SeatGeometry => {
  const gradeOf = new Uint8Array(plan.seatsTotal);
  const distance = new Float64Array(plan.seatsTotal);
  const grades: string[] = [];
  for (const section of plan.sections) {
    for (const row of section.rows) {
      for (let seat = row.firstSeat; seat <= row.lastSeat; seat += 1) {
        distance[seat - 1] = measure(section, placeInSection(row, seat), plan.focus);
      }
    }
    if (section.kind === "STANDING") {
      const ofAll = measure(section, { x: 0, y: 0 }, plan.focus);
      distance.fill(ofAll, section.firstSeat - 1, section.lastSeat);
    }
  }
  for (let seat = 1; seat <= plan.seatsTotal; seat += 1) {
    const { grade } = seatLabel(plan, seat);
    const known = grades.indexOf(grade);
    gradeOf[seat - 1] = known === -1 ? grades.push(grade) - 1 : known;
  }
  const rows = plan.sections
    .flatMap((section, index) => rowsOf(section, index, distance))
    .map((row, index) => ({ ...row, index }));
  const rowOf = new Uint16Array(plan.seatsTotal);
  for (const { index, first, last } of rows) rowOf.fill(index, first, last + 1);
  return {
    rows,
    rowOf,
    sections: plan.sections.map(({ name }) => name),
    grades,
    gradeOf,
    distance,
  };
};

const built = new WeakMap<SeatingPlan, SeatGeometry>();

/** The geometry of a plan. It is computed once a plan: O(seats). */
export const geometryOf = (plan: SeatingPlan): SeatGeometry => {
  const known = built.get(plan) ?? build(plan);
  built.set(plan, known);
  return known;
};
