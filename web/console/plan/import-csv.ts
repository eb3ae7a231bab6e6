import type {
  PlaceInput,
  RowInput,
  SectionInput,
} from "../../../src/catalogue/domain/plan-input.ts";
import { planLimits } from "../../../src/catalogue/domain/plan-input.ts";
import { planSeatsMax } from "../../../src/kernel/seating-plan.ts";
import { readCsv, type CsvRecord } from "./csv-lines.ts";

export type FaultKind =
  | "no-seats"
  | "missing-column"
  | "open-quote"
  | "wrong-fields"
  | "empty"
  | "too-long"
  | "repeated"
  | "not-a-number"
  | "no-coordinates"
  | "not-a-capacity"
  | "standing-with-rows"
  | "too-many-seats"
  | "too-many-sections"
  | "too-many-rows"
  | "too-many-in-row";

/** A fault on a line of a file. `value` is the column, the text or the limit that it is about. */
export interface Fault {
  readonly line: number;
  readonly kind: FaultKind;
  readonly value: string;
}

/** The sections of a file, and the grades that they name; of a faulty file, what is readable of it. */
export interface ImportedPlan {
  readonly sections: readonly SectionInput[];
  readonly grades: readonly string[];
  readonly faults: readonly Fault[];
}

const required = ["section", "row", "seat", "grade"] as const;
const columns = [...required, "x", "y"] as const;
type Column = (typeof columns)[number];
type Cells = Readonly<Record<Column, string>>;

interface Seat {
  readonly line: number;
  readonly cells: Cells;
  readonly point: { readonly x: number; readonly y: number } | null;
}

interface Draft {
  readonly rows: Map<string, Map<string, Seat>>;
  /** The first line of the section. */
  readonly seat: Seat;
  capacity: number | null;
}

/** Reads a number of metres; null for a text that is none or is too far away. */
const metresOf = (text: string): number | null => {
  const value = /^[-+]?\d+(?:\.\d+)?$/.test(text) ? Number(text) : NaN;
  return Math.abs(value) <= planLimits.coordinate ? value : null;
};

const isCapacity = (text: string): boolean =>
  /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= planSeatsMax;

/** Sorts seats into sections and rows, and collects what is wrong. */
const createCollector = () => {
  const sections = new Map<string, Draft>();
  const grades = new Set<string>();
  const faults: Fault[] = [];
  let seatsTotal = 0;
  const fault = (line: number, kind: FaultKind, value = ""): void =>
    void faults.push({ line, kind, value });
  const count = (line: number, seats: number): void => {
    const isFirst = seatsTotal <= planSeatsMax && seatsTotal + seats > planSeatsMax;
    if (isFirst) fault(line, "too-many-seats", String(planSeatsMax));
    seatsTotal += seats;
  };
  const sectionOf = (seat: Seat): Draft => {
    const { section } = seat.cells;
    let draft = sections.get(section);
    if (draft !== undefined) return draft;
    if (sections.size === planLimits.sections)
      fault(seat.line, "too-many-sections", String(planLimits.sections));
    draft = { rows: new Map(), seat, capacity: null };
    sections.set(section, draft);
    return draft;
  };
  const addStanding = (seat: Seat, draft: Draft): void => {
    const { line, cells } = seat;
    if (!isCapacity(cells.seat)) return fault(line, "not-a-capacity", cells.seat);
    if (draft.rows.size > 0) return fault(line, "standing-with-rows", cells.section);
    if (draft.capacity !== null) return fault(line, "repeated", cells.section);
    draft.capacity = Number(cells.seat);
    count(line, draft.capacity);
  };
  const addSeat = (seat: Seat): void => {
    const { line, cells } = seat;
    grades.add(cells.grade);
    const draft = sectionOf(seat);
    if (cells.row === "") return addStanding(seat, draft);
    if (draft.capacity !== null) return fault(line, "standing-with-rows", cells.section);
    let row = draft.rows.get(cells.row);
    if (row === undefined) {
      if (draft.rows.size === planLimits.rows)
        fault(line, "too-many-rows", String(planLimits.rows));
      draft.rows.set(cells.row, (row = new Map<string, Seat>()));
    }
    if (row.has(cells.seat))
      return fault(line, "repeated", `${cells.section}, ${cells.row}, ${cells.seat}`);
    if (row.size === planLimits.seatsOfRow)
      fault(line, "too-many-in-row", String(planLimits.seatsOfRow));
    row.set(cells.seat, seat);
    count(line, 1);
  };
  return { sections, grades, faults, fault, addSeat };
};

type Collector = ReturnType<typeof createCollector>;

/** The step from each name to the next; null when the names do not count in one step of at most 100. */
const stepOf = (names: readonly string[]): number | null => {
  if (!names.every((name) => /^[1-9]\d{0,4}$/.test(name))) return null;
  const step = Number(names[1] ?? 2) - Number(names[0] ?? 1);
  const isEven = names.every((name, n) => n === 0 || Number(name) - Number(names[n - 1]) === step);
  return isEven && step !== 0 && Math.abs(step) <= planLimits.step ? step : null;
};

const rowOf = (name: string, seats: readonly Seat[], sectionGrade: string): RowInput => {
  const [first] = seats;
  const grade = first?.cells.grade ?? sectionGrade;
  const own = grade === sectionGrade ? {} : { grade };
  const names = seats.map(({ cells }) => cells.seat);
  const step = stepOf(names);
  const isUniform = seats.every(({ point, cells }) => point === null && cells.grade === grade);
  if (step !== null && isUniform) {
    const ends = [Number(names[0]), Number(names.at(-1))].sort((a, b) => a - b) as [number, number];
    const by = names.length > 1 && Math.abs(step) > 1 ? { step: Math.abs(step) } : {};
    return { name, seats: ends, ...by, ...(step < 0 && { reverse: true }), ...own };
  }
  const places = seats.map(({ cells, point }): PlaceInput => ({
    name: cells.seat,
    ...(cells.grade !== grade && { grade: cells.grade }),
    ...point,
  }));
  return { name, places, ...own };
};

const sectionInput = ([name, { rows, seat, capacity }]: readonly [string, Draft]): SectionInput => {
  const { grade } = seat.cells;
  if (capacity !== null) return { name, kind: "STANDING", grade, capacity, ...seat.point };
  return {
    name,
    kind: "SEATED",
    grade,
    // Coordinates of a file are those of the hall.
    ...(seat.point !== null && { x: 0, y: 0 }),
    rows: [...rows].map(([row, seats]) => rowOf(row, [...seats.values()], grade)),
  };
};

const cellsOf = (fields: readonly string[], header: readonly string[]): Cells =>
  Object.fromEntries(
    columns.map((name) => [name, fields[header.indexOf(name)]?.trim() ?? ""]),
  ) as unknown as Cells;

/** The faults of the names in a record. Only the row may be empty: then it is a standing section. */
const nameFaults = (cells: Cells): readonly (readonly [FaultKind, string])[] =>
  required.flatMap((name): [FaultKind, string][] => {
    if (cells[name] === "") return name === "row" ? [] : [["empty", name]];
    return cells[name].length > planLimits.nameChars ? [["too-long", name]] : [];
  });

const pointFaults = (cells: Cells): readonly (readonly [FaultKind, string])[] => {
  if (cells.x === "" && cells.y === "") return [["no-coordinates", "x, y"]];
  return (["x", "y"] as const).flatMap((name): [FaultKind, string][] =>
    metresOf(cells[name]) === null ? [["not-a-number", name]] : [],
  );
};

/** Reads the cells of a record. Null when they are faulty. */
const seatOf = (
  { line, fields }: CsvRecord,
  header: readonly string[],
  { fault }: Collector,
): Seat | null => {
  if (fields.length !== header.length) {
    fault(line, "wrong-fields", `${fields.length} ≠ ${header.length}`);
    return null;
  }
  const cells = cellsOf(fields, header);
  const hasPoint = header.includes("x") && header.includes("y");
  const wrong = [...nameFaults(cells), ...(hasPoint ? pointFaults(cells) : [])];
  for (const [kind, value] of wrong) fault(line, kind, value);
  if (wrong.length > 0) return null;
  return { line, cells, point: hasPoint ? { x: Number(cells.x), y: Number(cells.y) } : null };
};

/**
 * Reads a seating plan from CSV with the columns section, row, seat and grade, and x and y in metres if there
 * are any; one line a seat, in any order of columns. A line without a row is a standing section, with its
 * capacity as seat. Every fault has its line.
 */
export const importCsv = (text: string): ImportedPlan => {
  const collector = createCollector();
  const { records, openQuoteLine } = readCsv(text);
  const [head, ...lines] = records;
  const header = head?.fields.map((name) => name.trim().toLowerCase()) ?? [];
  const missing = required.filter((name) => !header.includes(name));
  for (const name of missing) collector.fault(head?.line ?? 1, "missing-column", name);
  if (openQuoteLine !== null) collector.fault(openQuoteLine, "open-quote", '"');
  if (missing.length === 0) {
    if (lines.length === 0) collector.fault(1, "no-seats");
    for (const record of lines) {
      const seat = seatOf(record, header, collector);
      if (seat !== null) collector.addSeat(seat);
    }
  }
  return {
    sections: [...collector.sections].map(sectionInput),
    grades: [...collector.grades],
    faults: collector.faults.toSorted((a, b) => a.line - b.line),
  };
};
