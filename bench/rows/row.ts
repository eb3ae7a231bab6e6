import type { LoadGenerator } from "../load/load.ts";
import type { Figure } from "../measure/round.ts";
import type { Summary } from "../measure/statistics.ts";
import type { SubjectOptions } from "../test-bed/test-bed.ts";

/** One thing that a row promises: a figure and the bound it is to reach. */
export interface Target {
  /** The name of the figure: `ratio`, `p99`, … */
  readonly what: string;
  readonly value: number;
  readonly unit: "×" | "ms" | "B" | "MB" | "s" | "%";
  readonly bound: number;
  readonly atLeast: boolean;
  /** False: the figure was measured in a way that says nothing about the target. Absent: it counts. */
  readonly counts?: boolean;
}

/** A measured row of the table. */
export interface RowResult {
  readonly row: string;
  readonly title: string;
  /** How it was measured: connections, counts, what the floor did. */
  readonly method: string;
  readonly subject: Figure | null;
  readonly floor: Figure | null;
  readonly ratio: Summary | null;
  readonly targets: readonly Target[];
  /** Facts that a reader needs to judge the figure, such as a floor that was not saturated. */
  readonly remarks: readonly string[];
  /** Of the programs that took part. */
  readonly versions: Readonly<Record<string, string>>;
  /** The reason why there is no figure; absent when there is one. */
  readonly failed?: string;
}

/** A row that could not be measured, as it stands in the table. */
export const failedRow = (row: string, error: unknown): RowResult => ({
  row,
  title: "could not be measured",
  method: "",
  subject: null,
  floor: null,
  ratio: null,
  targets: [],
  remarks: [],
  versions: {},
  failed: error instanceof Error ? error.message : String(error),
});

/** How long and how large a run is. */
export interface Scale {
  readonly quick: boolean;
  readonly rounds: number;
  readonly roundMs: number;
  readonly warmupMs: number;
  /** Users in the queue of B1. */
  readonly waiting: number;
  /** Commands of one round of the rows that write. */
  readonly commandsPerRound: number;
  readonly floorTrialMs: number;
}

export const fullScale: Scale = {
  quick: false,
  rounds: 5,
  roundMs: 3_000,
  warmupMs: 500,
  waiting: 100_000,
  commandsPerRound: 20_000,
  floorTrialMs: 2_000,
};

/** To see that everything works, not to quote. */
export const quickScale: Scale = {
  quick: true,
  rounds: 2,
  roundMs: 1_000,
  warmupMs: 300,
  waiting: 5_000,
  commandsPerRound: 3_000,
  floorTrialMs: 1_000,
};

export interface Context {
  readonly scale: Scale;
  readonly load: LoadGenerator;
  /** Which rows are wanted, of those that a bench measures together. */
  wants(row: string): boolean;
  log(line: string): void;
  /** How the server is started. */
  readonly subject: SubjectOptions;
  /** Null, or what tells where the server spends its time while the work goes on. */
  readonly profile:
    | ((row: string, output: string, work: () => Promise<void>) => Promise<void>)
    | null;
  readonly pgbench: boolean;
}

/** A part of the bench with stores of its own: one row, or rows that share what they need. */
export interface Bench {
  readonly rows: readonly string[];
  /** Each row as soon as it is measured, so that it is kept whatever becomes of the next one. */
  run(context: Context): AsyncIterable<RowResult>;
}

export const isMet = ({ value, bound, atLeast }: Target): boolean =>
  atLeast ? value >= bound : value <= bound;
