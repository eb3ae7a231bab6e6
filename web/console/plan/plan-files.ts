import type {
  PlanInput,
  RowInput,
  SectionInput,
} from "../../../src/catalogue/domain/plan-input.ts";
import type { PlanRow, SeatingPlan } from "../../shared/hall/plan.ts";

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The line of the character at which a parser has stopped, as its message tells; null without one. */
const lineIn = (text: string, message: string): number | null => {
  const named = /line (\d+)/.exec(message)?.[1];
  if (named !== undefined) return Number(named);
  const position = /position (\d+)/.exec(message)?.[1];
  return position === undefined ? null : text.slice(0, Number(position)).split("\n").length;
};

export type JsonPlan =
  | { readonly plan: PlanInput }
  /** `line` is null where the browser does not tell it. */
  | { readonly fault: "not-json"; readonly line: number | null }
  /** `at` is the pointer to the first part that has not the form of a plan. */
  | { readonly fault: "not-a-plan"; readonly at: string };

type Check = (value: unknown, at: string) => string | null;

const isText: Check = (value, at) => (typeof value === "string" ? null : at);

/** A list of objects, each with texts for these members, and with the other members as checked. */
const listOf =
  (members: Readonly<Record<string, Check>>, isOptional = false): Check =>
  (value, at) => {
    if (value === undefined && isOptional) return null;
    if (!Array.isArray(value)) return at;
    for (const [n, one] of (value as readonly unknown[]).entries()) {
      if (!isObject(one)) return `${at}/${n}`;
      for (const [name, check] of Object.entries(members)) {
        const fault = check(one[name], `${at}/${n}/${name}`);
        if (fault !== null) return fault;
      }
    }
    return null;
  };

const placesFault = listOf({ name: isText }, true);
const rowsFault = listOf({ name: isText, places: placesFault }, true);
const sectionsFault = listOf({ name: isText, grade: isText, rows: rowsFault });
const gradesFault = listOf({ name: isText });

/** The first part of a plan that the console cannot show; the server judges the rest. */
const shapeFault = ({ grades, sections }: Readonly<Record<string, unknown>>): string | null =>
  sectionsFault(sections, "/sections") ?? gradesFault(grades ?? [], "/grades");

/** Reads a plan from JSON in the form of the API. The server judges what is in it. */
export const readJsonPlan = (text: string): JsonPlan => {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    const plan = isObject(value) && isObject(value["seatingPlan"]) ? value["seatingPlan"] : value;
    const fault = isObject(plan) ? shapeFault(plan) : "/";
    if (!isObject(plan) || fault !== null) return { fault: "not-a-plan", at: fault ?? "/" };
    return { plan: { ...plan, grades: plan["grades"] ?? [] } as unknown as PlanInput };
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    return { fault: "not-json", line: lineIn(text, message) };
  }
};

const rowInput = (row: PlanRow): RowInput => {
  const { name, grade, curve, x, y, firstName, step, places } = row;
  const common = { name: name ?? "", grade, x, y, ...(curve !== 0 && { curve }) };
  if (places !== null || firstName === null) return { ...common, places: [...(places ?? [])] };
  const lastName = firstName + step * (row.lastSeat - row.firstSeat);
  return {
    ...common,
    seats: step < 0 ? [lastName, firstName] : [firstName, lastName],
    ...(Math.abs(step) !== 1 && { step: Math.abs(step) }),
    ...(step < 0 && { reverse: true }),
  };
};

/** The plan of another sale, as the request for a new sale has it. Every coordinate is given. */
export const inputOfPlan = ({ grades, sections, focus }: SeatingPlan): PlanInput => ({
  grades: grades.map(({ name, price }) => ({ name, price })),
  focus,
  sections: sections.map((section): SectionInput => {
    const { name, kind, grade, x, y, angle } = section;
    const common = { name: name ?? "", kind, grade, x, y, ...(angle !== 0 && { angle }) };
    return kind === "STANDING"
      ? { ...common, capacity: section.lastSeat - section.firstSeat + 1 }
      : { ...common, rows: section.rows.map(rowInput) };
  }),
});
