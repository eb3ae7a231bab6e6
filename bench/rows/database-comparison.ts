import {
  bestConnections,
  databaseFloor,
  type DatabaseFloor,
  type FloorSetting,
} from "../floors/database-floor.ts";
import { createFloorConcert } from "../floors/statements.ts";
import { alternate, figureOf, type Round } from "../measure/round.ts";
import { ratios } from "../measure/statistics.ts";
import type { TestBed } from "../test-bed/test-bed.ts";
import {
  measureAlone,
  profileRound,
  subjectRounds,
  type Load,
  type LoadWords,
} from "./http-comparison.ts";
import type { LoadRow } from "./load-rows.ts";
import type { Context, RowResult } from "./row.ts";

const floorConnections = [8, 16, 32, 64, 128];

/** The statement of a floor, and its name in the table. */
export interface FloorWords extends Pick<
  FloorSetting,
  "name" | "prepare" | "statement" | "effects"
> {
  readonly rule: string;
}

const openFloor = async (
  { pgbench }: Context,
  testBed: TestBed,
  { rule: _, ...words }: FloorWords,
): Promise<DatabaseFloor> => {
  const url = await testBed.freshDatabase(words.name);
  const database = testBed.stores.find(({ name }) => name === "postgres");
  if (database === undefined) throw new Error("no database to watch");
  const { folder } = testBed;
  return databaseFloor({ ...words, open: createFloorConcert, url, folder, database, pgbench });
};

const compareWithDatabase = async (
  context: Context,
  { row, testBed }: Load,
  { floor: words, ...said }: LoadWords & { readonly floor: FloorWords },
  subject: () => Promise<Round>,
): Promise<RowResult> => {
  const { scale, log } = context;
  const floor = await openFloor(context, testBed, words);
  log(`${row}: looking for the floor's best number of connections`);
  await floor.stock(floorConnections.length * scale.floorTrialMs);
  const { best, tried } = await bestConnections(floor, floorConnections, scale.floorTrialMs);
  const floorRound = async (): Promise<Round> => {
    const { perSecond, databaseUs, idle } = await floor.run(best, scale.roundMs);
    const cpuUs = { postgres: databaseUs };
    return { perSecond, cpuUs, serverBusy: null, idle, latency: null, memoryBytes: {} };
  };
  await floor.stock(scale.rounds * scale.roundMs);
  log(`${row}: measuring`);
  await subject();
  const found = await alternate(scale.rounds, floorRound, subject);
  const rates = (rounds: readonly Round[]): number[] => rounds.map((round) => round.perSecond);
  const ratio = ratios(rates(found.subject), rates(found.floor));
  const trials = tried.map((run) => `${run.connections}: ${Math.round(run.perSecond)}/s`);
  return {
    row,
    title: said.title,
    method: `${said.method} The floor is ${floor.client} with ${words.rule} as one prepared statement a transaction on the same server, fsync on; its number of connections was tried (${trials.join(", ")}) and the fastest, ${best}, taken.`,
    subject: figureOf("Frontrow", found.subject),
    floor: figureOf(`${floor.client}, ${best} connections`, found.floor),
    ratio,
    targets: [{ what: "ratio", value: ratio.median, unit: "×", bound: 1, atLeast: true }],
    remarks: [],
    versions: testBed.versions,
  };
};

/** Measures a load that writes against its rule in SQL, or the server alone, as the row says. */
export const measureWrites = async (
  context: Context,
  { hasFloor }: LoadRow,
  load: Load,
  words: LoadWords & { readonly floor: FloorWords },
): Promise<RowResult> => {
  const round = subjectRounds(context, load);
  const { title, method } = words;
  if (!hasFloor) return measureAlone(context, load, { title, method }, round);
  const result = await compareWithDatabase(context, load, words, round);
  await profileRound(context, load, round);
  return result;
};
