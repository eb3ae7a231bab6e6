import {
  seatSpacing,
  type PlanPlace,
  type PlanRow,
  type PlanSection,
  type Point,
  type SeatingPlan,
} from "#kernel/seating-plan.ts";
import { seatCountOf, type PlanInput, type RowInput, type SectionInput } from "./plan-input.ts";

/** The distance of rows, in metres. */
const rowSpacing = 0.95;
/** The distance between two sections, in metres. */
const sectionGap = 2;
/** The room of a standing visitor, in square metres, and how much wider than deep a standing section is. */
const standingArea = 0.5;
const standingShape = 2;
/** The first section without coordinates begins so far from the stage, which is at 0, 0. */
const firstSectionY = 4;

const stage: Point = { x: 0, y: 0 };

const round = (metres: number): number => Math.round(metres * 100) / 100;

/** The seat's place along its row and towards the stage, from the middle of the row. */
const offsetInRow = (index: number, count: number, curve: number): Point => {
  const fromMiddle = index - (count - 1) / 2;
  const share = count < 2 ? 0 : (2 * fromMiddle) / (count - 1);
  return { x: fromMiddle * seatSpacing, y: -curve * share * share };
};

const placesOf = (row: RowInput, origin: Point, grade: string): readonly PlanPlace[] | null =>
  row.places?.map((place, index, all) => {
    const offset = offsetInRow(index, all.length, row.curve ?? 0);
    return {
      name: place.name,
      grade: place.grade ?? grade,
      x: place.x ?? round(origin.x + offset.x),
      y: place.y ?? round(origin.y + offset.y),
    };
  }) ?? null;

const rowOf = (
  row: RowInput,
  index: number,
  section: { readonly grade: string; readonly firstSeat: number },
): PlanRow => {
  const grade = row.grade ?? section.grade;
  const origin = { x: row.x ?? 0, y: row.y ?? round(index * rowSpacing) };
  const [from, to] = row.seats ?? [null, null];
  const step = row.step ?? 1;
  return {
    name: row.name,
    grade,
    firstSeat: section.firstSeat,
    lastSeat: section.firstSeat + seatCountOf(row) - 1,
    firstName: row.reverse === true ? to : from,
    step: row.reverse === true ? -step : step,
    curve: row.curve ?? 0,
    ...origin,
    places: placesOf(row, origin, grade),
  };
};

const rowsOf = (section: SectionInput, firstSeat: number): readonly PlanRow[] => {
  let nextSeat = firstSeat;
  return (section.rows ?? []).map((row, index) => {
    const made = rowOf(row, index, { grade: section.grade, firstSeat: nextSeat });
    nextSeat = made.lastSeat + 1;
    return made;
  });
};

const depthOf = ({ rows = [], capacity = 0 }: SectionInput): number =>
  Math.max(rows.length * rowSpacing, Math.sqrt((capacity * standingArea) / standingShape));

/**
 * The plan of a valid input: seats numbered from 1 in the order of sections, rows and places. Coordinates that
 * the input leaves out are derived: sections stand behind each other in front of the stage, rows behind each
 * other in their section, seats side by side around the middle of their row.
 */
export const buildPlan = ({ sections, focus }: PlanInput): SeatingPlan => {
  let nextSeat = 1;
  let nextY = firstSectionY;
  const made = sections.map((section): PlanSection => {
    const firstSeat = nextSeat;
    const rows = rowsOf(section, firstSeat);
    const lastSeat = rows.at(-1)?.lastSeat ?? firstSeat + (section.capacity ?? 0) - 1;
    const { name, kind, grade, x = 0, y = round(nextY), angle = 0 } = section;
    nextSeat = lastSeat + 1;
    nextY = y + depthOf(section) + sectionGap;
    return { name, kind, grade, firstSeat, lastSeat, x, y, angle, rows };
  });
  return { seatsTotal: nextSeat - 1, focus: focus ?? stage, sections: made };
};

/** Neighbouring seats of one grade. */
export interface GradeRun {
  readonly grade: string;
  readonly firstSeat: number;
  readonly lastSeat: number;
}

const runsOfRow = ({ grade, firstSeat, lastSeat, places }: PlanRow): readonly GradeRun[] =>
  places?.map((place, index) => ({
    grade: place.grade,
    firstSeat: firstSeat + index,
    lastSeat: firstSeat + index,
  })) ?? [{ grade, firstSeat, lastSeat }];

/** The grades of all seats, by seat number, in as few runs as there are. */
export const gradeRuns = ({ sections }: SeatingPlan): readonly GradeRun[] => {
  const runs: { grade: string; firstSeat: number; lastSeat: number }[] = [];
  for (const section of sections) {
    const { grade, firstSeat, lastSeat } = section;
    const parts =
      section.kind === "STANDING"
        ? [{ grade, firstSeat, lastSeat }]
        : section.rows.flatMap(runsOfRow);
    for (const part of parts) {
      const last = runs.at(-1);
      if (last?.grade === part.grade) last.lastSeat = part.lastSeat;
      else runs.push({ ...part });
    }
  }
  return runs;
};
