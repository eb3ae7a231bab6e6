import { failedRow, type Context, type RowResult } from "./row.ts";

/** A row that measures a load. The same load is measured in a row with a floor and in a row without one. */
export interface LoadRow {
  readonly row: string;
  readonly connections: number;
  /** Whether the row has a floor in the same run and targets. False in A to E: those are to be set beside another server. */
  readonly hasFloor: boolean;
}

/** Connections of the rows A to E. */
const plainConnections = 64;

/** The row with a floor, and the row of A to E with the same load. */
export const loadRows = (
  withFloor: Pick<LoadRow, "row" | "connections">,
  plain: string,
): readonly [LoadRow, LoadRow] => [
  { ...withFloor, hasFloor: true },
  { row: plain, connections: plainConnections, hasFloor: false },
];

export const namesOf = (rows: readonly LoadRow[]): string[] => rows.map(({ row }) => row);

export const wantedOf = ({ wants }: Context, rows: readonly LoadRow[]): LoadRow[] =>
  rows.filter(({ row }) => wants(row));

/** Measures the wanted rows in turn. A row that fails takes no other with it. */
export async function* measureEach(
  context: Context,
  rows: readonly LoadRow[],
  measure: (row: LoadRow) => Promise<RowResult>,
): AsyncIterable<RowResult> {
  for (const row of wantedOf(context, rows)) {
    try {
      yield await measure(row);
    } catch (error) {
      yield failedRow(row.row, error);
    }
  }
}

/** Rounds of a load: those that are measured, one before them to warm up, and one for the profile. */
export const roundsNeeded = ({ scale, profile }: Context): number =>
  scale.rounds + (profile === null ? 1 : 2);
