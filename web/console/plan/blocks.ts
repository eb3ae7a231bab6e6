import type { RowInput, SectionInput } from "../../../src/catalogue/domain/plan-input.ts";

export const numberings = ["left", "right", "odd", "even"] as const;
export type Numbering = (typeof numberings)[number];

/** A block of rows, or a standing area, as the operator types it. */
export interface Block {
  readonly name: string;
  readonly kind: "SEATED" | "STANDING";
  readonly grade: string;
  readonly rows: string;
  readonly seats: string;
  readonly numbering: Numbering;
  /** The name of the first row, from which the others follow: A, B, … or 1, 2, … */
  readonly firstRow: string;
  readonly curve: string;
  /** Rows that are no block, from a file or another sale: they stay as they are. Null: rows of `rows` and `seats`. */
  readonly kept: readonly RowInput[] | null;
  readonly capacity: string;
  readonly x: string;
  readonly y: string;
  readonly angle: string;
}

export const firstBlock: Block = {
  name: "",
  kind: "SEATED",
  grade: "",
  rows: "10",
  seats: "20",
  numbering: "left",
  firstRow: "A",
  curve: "0",
  kept: null,
  capacity: "200",
  x: "",
  y: "",
  angle: "",
};

const lettersTotal = 26;

/** The letters that follow by so many steps: A, B, …, Z, AA, AB. */
const lettersAfter = (first: string, by: number): string => {
  const value = first
    .split("")
    .reduce((sum, letter) => sum * lettersTotal + letter.charCodeAt(0) - 64, 0);
  let [rest, text] = [value + by, ""];
  while (rest > 0) {
    text = String.fromCharCode(65 + ((rest - 1) % lettersTotal)) + text;
    rest = Math.floor((rest - 1) / lettersTotal);
  }
  return text;
};

/** The name of the row that is `by` rows behind the first. A name that cannot be counted gets a number behind it. */
export const rowNameAfter = (first: string, by: number): string => {
  const name = first.trim();
  if (/^\d{1,6}$/.test(name)) return String(Number(name) + by);
  if (/^[A-Z]{1,3}$/.test(name)) return lettersAfter(name, by);
  return by === 0 ? name : `${name} ${by + 1}`;
};

const seatRange = (count: number, numbering: Numbering): Omit<RowInput, "name"> => {
  switch (numbering) {
    case "left":
      return { seats: [1, count] };
    case "right":
      return { seats: [1, count], reverse: true };
    case "odd":
      return { seats: [1, 2 * count - 1], step: 2 };
    case "even":
      return { seats: [2, 2 * count], step: 2 };
  }
};

/** Parses a number; NaN for a text that is none. */
const numberOf = (typed: string): number => (typed.trim() === "" ? NaN : Number(typed));

type BlockField = "name" | "rows" | "seats" | "curve" | "capacity" | "x" | "y" | "angle";

/** The fields of a block that make no section. */
export const blockFaults = (block: Block): readonly BlockField[] => {
  const isCount = (typed: string): boolean =>
    Number.isInteger(numberOf(typed)) && numberOf(typed) >= 1;
  const isBlankOrNumber = (typed: string): boolean =>
    typed.trim() === "" || Number.isFinite(numberOf(typed));
  const { name, kind, rows, seats, curve, capacity } = block;
  const isSeated = kind === "SEATED" && block.kept === null;
  const checks: [BlockField, boolean][] = [
    ["name", name.trim() !== ""],
    ["rows", !isSeated || (isCount(rows) && numberOf(rows) <= 400)],
    ["seats", !isSeated || (isCount(seats) && numberOf(seats) <= 500)],
    ["curve", !isSeated || (isBlankOrNumber(curve) && !(numberOf(curve) < 0))],
    ["capacity", kind === "SEATED" || (isCount(capacity) && numberOf(capacity) <= 60_000)],
    ["x", isBlankOrNumber(block.x)],
    ["y", isBlankOrNumber(block.y)],
    ["angle", isBlankOrNumber(block.angle)],
  ];
  return checks.flatMap(([field, isGood]) => (isGood ? [] : [field]));
};

const rowsOf = ({ rows, seats, numbering, firstRow, ...block }: Block): readonly RowInput[] => {
  if (block.kept !== null) return block.kept;
  const curve = numberOf(block.curve);
  const range = seatRange(numberOf(seats), numbering);
  const bend = Number.isFinite(curve) && curve !== 0 ? { curve } : {};
  return Array.from({ length: numberOf(rows) }, (_, n) => ({
    name: rowNameAfter(firstRow, n),
    ...range,
    ...bend,
  }));
};

/** The section that a block without faults makes. */
export const sectionOfBlock = (block: Block): SectionInput => {
  const { name, kind, grade } = block;
  const [x, y, angle] = [numberOf(block.x), numberOf(block.y), numberOf(block.angle)];
  const common = {
    name: name.trim(),
    kind,
    grade,
    ...(Number.isFinite(x) && { x }),
    ...(Number.isFinite(y) && { y }),
    ...(Number.isFinite(angle) && angle !== 0 && { angle }),
  };
  return kind === "STANDING"
    ? { ...common, capacity: numberOf(block.capacity) }
    : { ...common, rows: rowsOf(block) };
};
