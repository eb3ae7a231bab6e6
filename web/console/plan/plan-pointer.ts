import type { PlanInput, SectionInput } from "../../../src/catalogue/domain/plan-input.ts";
import { planTexts } from "./plan-texts.ts";

/** Names the part of a section: "row B, seat 3, name". */
const namesInSection = ({ rows }: SectionInput, parts: readonly string[]): readonly string[] => {
  const t = planTexts().where;
  const [member, rowAt, inRow, placeAt, ...rest] = parts;
  const row = member === "rows" ? rows?.[Number(rowAt)] : undefined;
  if (row === undefined) return parts;
  const place = inRow === "places" ? row.places?.[Number(placeAt)] : undefined;
  const last = inRow === undefined ? [] : [inRow];
  return [t.row(row.name), ...(place === undefined ? last : [t.place(place.name), ...rest])];
};

/** Names the part of a plan that a pointer of the server means: "section Stalls, row B, seat 3". */
export const placeOfPointer = (pointer: string, { grades, sections }: PlanInput): string => {
  const t = planTexts().where;
  const [list, at, ...rest] = pointer.split("/").slice(2);
  const grade = list === "grades" ? grades[Number(at)] : undefined;
  if (grade !== undefined) return [t.grade(grade.name), ...rest].join(", ");
  const section = list === "sections" ? sections[Number(at)] : undefined;
  if (section === undefined) return pointer.split("/").slice(2).join(" ");
  return [t.section(section.name), ...namesInSection(section, rest)].join(", ");
};
