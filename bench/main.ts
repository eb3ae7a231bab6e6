import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startLoadGenerator } from "./load/load.ts";
import { readMachine, versionOf } from "./measure/machine.ts";
import {
  inspectorUrl,
  profileDuring,
  spentByFunction,
  spentByRegion,
  spentWithin,
} from "./profile/inspector.ts";
import { writeDocument } from "./report/document.ts";
import { terminalTable } from "./report/table.ts";
import { admissions } from "./rows/admissions.ts";
import { bestSeats } from "./rows/best-seats.ts";
import { hotSeat } from "./rows/hot-seat.ts";
import { largeHall } from "./rows/large-hall.ts";
import { mapChanges } from "./rows/map-changes.ts";
import { million } from "./rows/million.ts";
import { polls } from "./rows/polls.ts";
import {
  failedRow,
  fullScale,
  quickScale,
  type Bench,
  type Context,
  type RowResult,
  type Scale,
} from "./rows/row.ts";
import { sales } from "./rows/sales.ts";
import { startUp } from "./rows/start-up.ts";
import { streams } from "./rows/streams.ts";
import { tokens } from "./rows/tokens.ts";

// Measures Frontrow against floors that are measured in the same run, and prints the table.
//
//   node bench/main.ts                 B1 to B5 and B10, about seven minutes; writes nothing
//   node bench/main.ts --all           B6 to B9 too, at full size: 1,000,000 people and 10,000
//                                      streams, and H1 to H4, about twelve minutes more; writes
//                                      docs/performance.md
//   node bench/main.ts --rows B1,B4    these only; writes nothing
//   node bench/main.ts --rows A,B,C,D,E
//                                      the loads of B2, B1, B3, B4 and B5 at 64 connections, without a
//                                      floor, to be set beside another server; part of --all
//   node bench/main.ts --rows A,B,C,D,E --server 'COMMAND'
//                                      the same for another server (docs/performance.md)
//   FAST_LANE=false node bench/main.ts --rows B
//                                      the server without the fast lane (or with it: true)
//   node bench/main.ts --quick         small and short, to see that everything works; writes nothing
//   node bench/main.ts --rounds 2      another number of rounds than five
//   node bench/main.ts --write         writes docs/performance.md whatever was measured
//   node bench/main.ts --profile       tells after each row where the server spent its time
//   node bench/main.ts --no-pgbench    takes the `pg` client for the floors of the database

const root = join(import.meta.dirname, "..");
const benches: readonly Bench[] = [
  tokens,
  polls,
  hotSeat,
  sales,
  startUp,
  million,
  admissions,
  streams,
  bestSeats,
  mapChanges,
  largeHall,
];
/** Large: measured only when asked for. */
const largeRows: readonly string[] = ["B6", "B7", "B8", "B9", "H1", "H2", "H3", "H4"];
/** Without a floor: measured only when asked for, and the only ones that another server can answer. */
const plainRows: readonly string[] = ["A", "B", "C", "D", "E"];
const profileLines = 25;

const { values: options } = parseArgs({
  options: {
    rows: { type: "string" },
    all: { type: "boolean", default: false },
    rounds: { type: "string" },
    quick: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    profile: { type: "boolean", default: false },
    server: { type: "string" },
    pgbench: { type: "boolean", default: true },
  },
  allowNegative: true,
});

const startedMs = performance.now();
const log = (line: string): void => {
  process.stderr.write(
    `${((performance.now() - startedMs) / 1000).toFixed(0).padStart(4)} s  ${line}\n`,
  );
};

const percent = (share: number): string => `${(share * 100).toFixed(1).padStart(5)} %`;

const profile: Context["profile"] = async (row, output, work) => {
  const taken = await profileDuring(inspectorUrl(output), () =>
    work().catch((error: unknown) => log(`${row}, while profiling: ${String(error)}`)),
  );
  const file = join(tmpdir(), `frontrow-${row}.cpuprofile`);
  writeFileSync(file, JSON.stringify(taken));
  log(`${file} is written, for Chrome's or an editor's viewer`);
  const parts = [
    ["by package and folder", spentByRegion(taken).slice(0, profileLines)],
    ["by function", spentByFunction(taken).slice(0, profileLines)],
    ["within functions, with what they called", spentWithin(taken).slice(0, 2 * profileLines)],
  ] as const;
  for (const [title, spent] of parts) {
    console.log(`\n${row}, the server's time ${title}:`);
    for (const { name, share } of spent) console.log(`  ${percent(share)}  ${name}`);
  }
};

const scaleWanted = (): Scale => {
  const scale = options.quick ? quickScale : fullScale;
  const rounds = Number(options.rounds ?? scale.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 20)
    throw new RangeError("--rounds takes a whole number from 1 to 20");
  return { ...scale, rounds };
};

const contextFor = (wanted: ReadonlySet<string>): Omit<Context, "load"> => ({
  scale: scaleWanted(),
  wants: (row) => wanted.has(row),
  log,
  subject: {
    ...(options.profile ? { nodeArguments: ["--inspect=127.0.0.1:0"] } : {}),
    ...(options.server === undefined ? {} : { command: options.server }),
  },
  profile: options.profile ? profile : null,
  pgbench: options.pgbench && versionOf(["pgbench", "--version"]) !== null,
});

/** Measures what is wanted and keeps what comes: a row that fails takes no other with it. */
const measure = async (
  context: Omit<Context, "load">,
  keep: (results: readonly RowResult[]) => void,
): Promise<RowResult[]> => {
  const results: RowResult[] = [];
  const add = (result: RowResult): void => {
    if (result.failed !== undefined) log(`${result.row} failed: ${result.failed}`);
    results.push(result);
    keep(results);
  };
  for (const bench of benches) {
    const wanted = bench.rows.filter((row) => context.wants(row));
    if (wanted.length === 0) continue;
    const isMissing = (row: string): boolean => !results.some((result) => result.row === row);
    // One for each part: the rest of a failed row in it does not affect other rows.
    const load = startLoadGenerator();
    try {
      for await (const result of bench.run({ ...context, load })) add(result);
    } catch (error) {
      log(error instanceof Error ? (error.stack ?? error.message) : String(error));
      for (const row of wanted.filter(isMissing)) add(failedRow(row, error));
    } finally {
      await load.close();
    }
  }
  return results;
};

const commit = (): string => {
  try {
    const words = ["describe", "--always", "--dirty"];
    return execFileSync("git", words, { cwd: root, encoding: "utf8" }).trim();
  } catch {
    return "unknown";
  }
};

/** Asked before anything is written: the documents that a run writes are no change of what it measures. */
const commitMeasured = commit();

const notesFile = join(import.meta.dirname, "notes.md");

const write = (context: Pick<Context, "scale">, results: readonly RowResult[]): void => {
  const words = process.argv.slice(2).join(" ");
  const { node, ...machine } = readMachine(root);
  const versions = {
    Node: node,
    ...results.reduce((all, { versions: some }) => ({ ...all, ...some }), {}),
  };
  const run = {
    command: `npm run bench${words === "" ? "" : ` -- ${words}`}`,
    startedAt: new Date().toISOString(),
    tookSeconds: (performance.now() - startedMs) / 1000,
    machine: { ...machine, node },
    versions,
    commit: commitMeasured,
    rounds: context.scale.rounds,
    roundMs: context.scale.roundMs,
  };
  const notes = existsSync(notesFile) ? readFileSync(notesFile, "utf8") : "";
  writeDocument(join(root, "docs"), run, results, notes);
  log("docs/performance.md is written");
};

const rowsWanted = (): ReadonlySet<string> => {
  const all = benches.flatMap(({ rows }) => rows);
  const usual = all.filter((row) => options.all || ![...largeRows, ...plainRows].includes(row));
  const wanted = options.rows?.toUpperCase().split(",") ?? usual;
  const unknown = wanted.filter((row) => !all.includes(row));
  if (unknown.length > 0)
    throw new Error(`no rows ${unknown.join(", ")}; there are ${all.join(", ")}`);
  if (options.server !== undefined && !wanted.every((row) => plainRows.includes(row)))
    throw new Error(`--server takes the rows ${plainRows.join(", ")} only`);
  return new Set(wanted);
};

const main = async (): Promise<void> => {
  const context = contextFor(rowsWanted());
  const isComplete = options.all && options.rows === undefined;
  const isWritten = options.write || (isComplete && !options.quick && !options.profile);
  if (isWritten && options.server !== undefined)
    throw new Error("docs/performance.md has figures of Frontrow only: --server without --write");
  const results = await measure(context, (some) => {
    if (isWritten) write(context, some);
  });
  console.log(`\n${terminalTable(results)}`);
  for (const { row, remarks } of results) for (const it of remarks) console.log(`${row}: ${it}`);
  if (results.some(({ failed }) => failed !== undefined)) process.exitCode = 1;
};

await main();
