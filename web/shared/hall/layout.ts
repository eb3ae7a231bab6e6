import { seatSpacing } from "../../../src/kernel/seating-plan.ts";
import type { PlanRow, PlanSection, Point, SeatingPlan } from "./plan.ts";
import { seatIndexOf, type SeatIndex } from "./seat-index.ts";
import type { Box } from "./view.ts";

/** The room of a standing visitor, in square metres, and how much wider than deep a standing section is. */
const standingArea = 0.5;
const standingShape = 2;
/** From the middle of a seat to the edge of its section, in metres. */
const padding = 0.6;

/** A section as it is drawn. */
export interface SectionShape {
  readonly section: PlanSection;
  /** A convex polygon, clockwise, with a little space around the seats. */
  readonly outline: readonly Point[];
  readonly box: Box;
  readonly centre: Point;
  /** The index of the grade that most of its seats have. */
  readonly grade: number;
}

/** Where everything of a plan is. The arrays are by seat number - 1; a standing place has no coordinates (NaN). */
export interface HallLayout {
  readonly plan: SeatingPlan;
  readonly xs: Float32Array;
  readonly ys: Float32Array;
  /** Indexes in `plan.grades`. */
  readonly grades: Uint8Array;
  /** Indexes in `sections`. */
  readonly sectionOf: Uint16Array;
  readonly sections: readonly SectionShape[];
  readonly index: SeatIndex;
  readonly box: Box;
}

/** A point in the frame of a section as a point of the hall. */
const placedIn = ({ x: originX, y: originY, angle }: PlanSection) => {
  const radians = (angle * Math.PI) / 180;
  const cos = Math.cos(radians);
  const sin = Math.sin(radians);
  return (x: number, y: number): Point => ({
    x: originX + x * cos - y * sin,
    y: originY + x * sin + y * cos,
  });
};

/** A seat's place in the frame of its section: its own, or counted from the middle of the row. */
const inSection = (row: PlanRow, offset: number): Point => {
  const place = row.places?.[offset];
  if (place !== undefined) return place;
  const count = row.lastSeat - row.firstSeat + 1;
  const fromMiddle = offset - (count - 1) / 2;
  const share = count < 2 ? 0 : (2 * fromMiddle) / (count - 1);
  return { x: row.x + fromMiddle * seatSpacing, y: row.y - row.curve * share * share };
};

export const boxOf = (points: readonly Point[]): Box =>
  points.reduce(
    ({ left, top, right, bottom }, { x, y }) => ({
      left: Math.min(left, x),
      top: Math.min(top, y),
      right: Math.max(right, x),
      bottom: Math.max(bottom, y),
    }),
    { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity },
  );

/** Positive where the path from `a` by `b` to `c` turns right, with y downwards. */
const turn = (a: Point, b: Point, c: Point): number =>
  (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);

/** One side of the convex hull of sorted points, without its last point. */
const chain = (sorted: readonly Point[]): Point[] => {
  const hull: Point[] = [];
  for (const point of sorted) {
    for (;;) {
      const [a, b] = [hull.at(-2), hull.at(-1)];
      if (a === undefined || b === undefined || turn(a, b, point) > 0) break;
      hull.pop();
    }
    hull.push(point);
  }
  return hull.slice(0, -1);
};

/** The convex hull of points: the polygon that a rubber band around them has. */
const hullOf = (points: readonly Point[]): readonly Point[] => {
  const sorted = points.toSorted((a, b) => a.x - b.x || a.y - b.y);
  const hull = [...chain(sorted), ...chain(sorted.toReversed())];
  return hull.length === 0 ? sorted.slice(0, 1) : hull;
};

/** The polygon wider by the padding, with its corners cut. */
const padded = (points: readonly Point[]): readonly Point[] => {
  const [far, near] = [padding, padding / 2];
  const offsets = [near, -near, far, -far].flatMap((dx) =>
    (Math.abs(dx) === near ? [far, -far] : [near, -near]).map((dy) => ({ dx, dy })),
  );
  return hullOf(
    points.flatMap(({ x, y }) => offsets.map(({ dx, dy }) => ({ x: x + dx, y: y + dy }))),
  );
};

/** The corners of a standing section, whose origin is the middle of its front. */
const standingOutline = (section: PlanSection): readonly Point[] => {
  const places = section.lastSeat - section.firstSeat + 1;
  const depth = Math.sqrt((places * standingArea) / standingShape);
  const half = (depth * standingShape) / 2;
  const place = placedIn(section);
  return [place(-half, 0), place(half, 0), place(half, depth), place(-half, depth)];
};

const rowPoints = (section: PlanSection, row: PlanRow): readonly Point[] => {
  const place = placedIn(section);
  const last = row.lastSeat - row.firstSeat;
  const offsets = row.places?.map((_, n) => n) ?? [0, Math.floor(last / 2), last];
  return offsets.map((offset) => {
    const { x, y } = inSection(row, offset);
    return place(x, y);
  });
};

const mostFrequent = (grades: Uint8Array): number => {
  const counts = new Uint32Array(256);
  for (const grade of grades) counts[grade] = (counts[grade] ?? 0) + 1;
  return counts.indexOf(Math.max(...counts));
};

const shapeOf = (section: PlanSection, grades: Uint8Array): SectionShape => {
  const outline = padded(
    section.kind === "STANDING"
      ? standingOutline(section)
      : hullOf(section.rows.flatMap((row) => rowPoints(section, row))),
  );
  const box = boxOf(outline);
  const centre = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
  return { section, outline, box, centre, grade: mostFrequent(grades) };
};

/** Lays out a plan. Cost: O(seats), about 10 ms for 50,000. */
export const layoutOf = (plan: SeatingPlan): HallLayout => {
  const { seatsTotal } = plan;
  const [xs, ys] = [new Float32Array(seatsTotal).fill(NaN), new Float32Array(seatsTotal).fill(NaN)];
  const [grades, sectionOf] = [new Uint8Array(seatsTotal), new Uint16Array(seatsTotal)];
  const gradeIndex = new Map(plan.grades.map(({ name }, n) => [name, n]));
  const sections = plan.sections.map((section, at): SectionShape => {
    const { firstSeat, lastSeat, grade } = section;
    grades.fill(gradeIndex.get(grade) ?? 0, firstSeat - 1, lastSeat);
    sectionOf.fill(at, firstSeat - 1, lastSeat);
    const place = placedIn(section);
    for (const row of section.rows) {
      grades.fill(gradeIndex.get(row.grade) ?? 0, row.firstSeat - 1, row.lastSeat);
      for (let seatNumber = row.firstSeat; seatNumber <= row.lastSeat; seatNumber += 1) {
        const offset = seatNumber - row.firstSeat;
        const { x, y } = inSection(row, offset);
        const own = row.places?.[offset]?.grade;
        const at = seatNumber - 1;
        const point = place(x, y);
        xs[at] = point.x;
        ys[at] = point.y;
        if (own !== undefined) grades[at] = gradeIndex.get(own) ?? 0;
      }
    }
    return shapeOf(section, grades.subarray(firstSeat - 1, lastSeat));
  });
  const { x, y } = plan.focus;
  const stage = { x, y: y - padding };
  const box = boxOf([...sections.flatMap(({ outline }) => outline), plan.focus, stage]);
  return { plan, xs, ys, grades, sectionOf, sections, index: seatIndexOf(xs, ys, box), box };
};

/** Whether a point lies inside a convex polygon. */
const isInside = ({ outline }: SectionShape, at: Point): boolean =>
  outline.every((corner, n) => turn(corner, outline[(n + 1) % outline.length] ?? corner, at) >= 0);

/** The section at a point of the hall; of several, the last one, which is drawn on top. */
export const sectionAt = ({ sections }: HallLayout, at: Point): SectionShape | null =>
  sections.findLast((shape) => isInside(shape, at)) ?? null;

/** The rank of each grade by its price, the highest first. It gives the colour and the shape. */
export const ranksOf = ({ grades }: SeatingPlan): Uint8Array => {
  const order = grades
    .map((_, n) => n)
    .sort((a, b) => (grades[b]?.price ?? 0) - (grades[a]?.price ?? 0));
  return Uint8Array.from(grades, (_, n) => order.indexOf(n));
};
