import {
  seatCountOf,
  type RowInput,
  type SectionInput,
} from "../../../src/catalogue/domain/plan-input.ts";
import { buildPlan } from "../../../src/catalogue/domain/seating-plan.ts";
import { firstBlock, sectionOfBlock, type Block, type Numbering } from "./blocks.ts";

const typed = (value: number | undefined): string => (value === undefined ? "" : String(value));

const numberingOf = ({ seats = [1, 1], step = 1, reverse = false }: RowInput): Numbering => {
  if (reverse) return "right";
  if (step !== 2) return "left";
  return seats[0] % 2 === 0 ? "even" : "odd";
};

/** The section as it is laid out: two inputs that give the same are the same section. */
const layoutOf = (section: SectionInput): string =>
  JSON.stringify(buildPlan({ grades: [], sections: [section] }).sections);

/** The section as a block of rows that may be another one than the section's. */
const guessOf = (section: SectionInput, common: Block): Block => {
  const [first] = section.rows ?? [];
  if (first === undefined) return common;
  return {
    ...common,
    rows: String(section.rows?.length),
    seats: String(seatCountOf(first)),
    numbering: numberingOf(first),
    firstRow: first.name,
    curve: typed(first.curve ?? 0),
  };
};

/** The form of a section: a block where one makes the same rows, or its own rows as they are. */
export const blockOfSection = (section: SectionInput): Block => {
  const { name, kind, grade, capacity, x, y, angle } = section;
  const place = { x: typed(x), y: typed(y), angle: typed(angle) };
  const common: Block = { ...firstBlock, name, kind, grade, ...place };
  if (kind === "STANDING") return { ...common, capacity: typed(capacity) };
  const guess = guessOf(section, common);
  const isSame = layoutOf(sectionOfBlock(guess)) === layoutOf(section);
  return isSame ? guess : { ...common, kept: section.rows ?? [] };
};

/** The block with all of its rows and places in one grade. */
export const inGrade = (block: Block, grade: string): Block => ({
  ...block,
  grade,
  kept:
    block.kept?.map(({ grade: _, ...row }) => ({
      ...row,
      ...(row.places !== undefined && {
        places: row.places.map(({ grade: _own, ...place }) => place),
      }),
    })) ?? null,
});

/** Whether rows or places have another grade than their section. */
export const hasGrades = ({ kept, grade }: Block): boolean =>
  kept?.some((row) =>
    [row, ...(row.places ?? [])].some((one) => one.grade !== undefined && one.grade !== grade),
  ) ?? false;
