import type { Money } from "#kernel/money.ts";
import type { Concert } from "./concert.ts";
import { isPlainText } from "./plain-text.ts";
import { isPrice } from "./price.ts";
import { textLengthMax } from "./new-concert.ts";
import type { Violation } from "./violation.ts";

/** A correction by an operator; a member that is left out stays. */
export interface Correction {
  readonly title?: string;
  readonly venue?: string;
  /** New prices of grades that the concert has. */
  readonly grades?: readonly { readonly name: string; readonly price: Money }[];
}

/** Every violation of the correction: texts as of a new concert, grades that exist, each once, with valid prices. */
export const correctionViolations = (
  concert: Concert,
  { title, venue, grades = [] }: Correction,
): readonly Violation[] => {
  const violations: Violation[] = [];
  const check = (name: "title" | "venue", text: string | undefined): void => {
    if (text !== undefined && !isPlainText(text, textLengthMax[name]))
      violations.push({ pointer: `/${name}`, rule: "not-a-text" });
  };
  check("title", title);
  check("venue", venue);
  const known = new Set(concert.grades.map(({ name }) => name));
  for (const [index, { name, price }] of grades.entries()) {
    const at = `/grades/${index}`;
    if (!isPrice(price)) violations.push({ pointer: `${at}/price`, rule: "out-of-range" });
    if (!known.has(name)) violations.push({ pointer: `${at}/name`, rule: "unknown-grade" });
    else if (grades.findIndex((one) => one.name === name) < index)
      violations.push({ pointer: `${at}/name`, rule: "duplicate-grade" });
  }
  return violations;
};

/** Title, venue and grades of the concert after the correction. */
export const correctedFacts = (
  { title, venue, grades }: Concert,
  correction: Correction,
): Pick<Concert, "title" | "venue" | "grades"> => {
  const prices = new Map(correction.grades?.map(({ name, price }) => [name, price]));
  return {
    title: correction.title ?? title,
    venue: correction.venue ?? venue,
    grades: grades.map(({ name, price }) => ({ name, price: prices.get(name) ?? price })),
  };
};
