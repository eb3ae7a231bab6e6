import {
  seatCountOf,
  type PlanInput,
  type SectionInput,
} from "../../../src/catalogue/domain/plan-input.ts";
import type { Point } from "../../shared/hall/plan.ts";
import { parseAmount } from "../../shared/format.ts";
import { amountMessage, typedAmount } from "../amounts.ts";
import type { FieldError } from "../session.ts";
import { sectionOfBlock, type Block } from "./blocks.ts";

/** A grade, as the inputs have it. */
export interface DraftGrade {
  /** Sections, rows and places name their grade by it, so that they follow when the grade gets another name. */
  readonly key: string;
  readonly name: string;
  readonly price: string;
}

/** A plan in the making. */
export interface PlanDraft {
  readonly grades: readonly DraftGrade[];
  readonly sections: readonly SectionInput[];
  readonly focus: Point | null;
}

export const emptyPlan: PlanDraft = { grades: [], sections: [], focus: null };

export const seatsOf = ({ rows = [], capacity = 0 }: SectionInput): number =>
  rows.reduce((sum, row) => sum + seatCountOf(row), capacity);

/** Takes a whole plan, from a file or from another sale, in place of what is there. */
export const draftOfPlan = ({ grades, sections, focus }: PlanInput): PlanDraft => ({
  grades: grades.map(({ name, price }) => ({ key: name, name, price: typedAmount(price) })),
  sections,
  focus: focus ?? null,
});

/** Takes the sections of a file without prices. Grades that are known keep theirs. */
export const draftOfSections = (
  before: PlanDraft,
  sections: readonly SectionInput[],
  grades: readonly string[],
): PlanDraft => ({
  grades: grades.map((name) => ({
    key: name,
    name,
    price: before.grades.find((grade) => grade.name === name)?.price ?? "",
  })),
  sections,
  focus: null,
});

/** Adds a block, or puts it in the place of section `at`. */
export const withBlock = (draft: PlanDraft, block: Block, at: number | null): PlanDraft => {
  const made = sectionOfBlock(block);
  const sections =
    at === null
      ? [...draft.sections, made]
      : draft.sections.map((one, n) => (n === at ? made : one));
  return { ...draft, sections };
};

/** Adds a grade without a name. */
export const withGrade = ({ grades, ...draft }: PlanDraft): PlanDraft => {
  const keys = new Set(grades.map(({ key }) => key));
  let [n, key] = [grades.length, ""];
  do key = `#${(n += 1)}`;
  while (keys.has(key));
  return { ...draft, grades: [...grades, { key, name: "", price: "" }] };
};

/** The number of sections that have seats of each grade, by its key. O(places). */
export const gradeUses = ({ sections }: PlanDraft): ReadonlyMap<string, number> => {
  const uses = new Map<string, number>();
  for (const { grade, rows = [] } of sections) {
    const used = new Set<string | undefined>([grade]);
    for (const row of rows) {
      used.add(row.grade);
      for (const place of row.places ?? []) used.add(place.grade);
    }
    for (const key of used) if (key !== undefined) uses.set(key, (uses.get(key) ?? 0) + 1);
  }
  return uses;
};

/** The prices that are no amounts: the server cannot see them, because a price is sent in the minor unit. */
export const planPriceErrors = ({ grades }: PlanDraft): readonly FieldError[] =>
  grades.flatMap(({ price }, n) =>
    parseAmount(price) === null
      ? [{ pointer: `/seatingPlan/grades/${n}/price`, message: amountMessage() }]
      : [],
  );

type NameOf = (key: string) => string;

/** A section with the names of grades in place of their keys. */
const withNames = (section: SectionInput, nameOf: NameOf): SectionInput => {
  const named = <One extends { readonly grade?: string }>(one: One): One =>
    one.grade === undefined ? one : { ...one, grade: nameOf(one.grade) };
  const rows = section.rows?.map((row) => ({
    ...named(row),
    ...(row.places !== undefined && { places: row.places.map(named) }),
  }));
  return { ...named(section), ...(rows !== undefined && { rows }) };
};

/** The plan as the request has it. O(places), and less while no grade has a new name. */
export const planOf = ({ grades, sections, focus }: PlanDraft): PlanInput => {
  const names = new Map(grades.map(({ key, name }) => [key, name]));
  const isSame = grades.every(({ key, name }) => key === name);
  return {
    grades: grades.map(({ name, price }) => ({ name, price: parseAmount(price) ?? 0 })),
    sections: isSame
      ? sections
      : sections.map((section) => withNames(section, (key) => names.get(key) ?? key)),
    ...(focus !== null && { focus }),
  };
};
