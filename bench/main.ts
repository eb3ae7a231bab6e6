import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startLoadGenerator, type LoadGenerator } from "./load/load.ts";
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
import { hotSeat } from "./rows/hot-seat.ts";
import { million } from "./rows/million.ts";
import { polls } from "./rows/polls.ts";
import {
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
//   node bench/main.ts                 all rows, about five minutes; writes docs/performance.md
//   node bench/main.ts --rows B1,B4    these only; writes nothing
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
];
/** A row that would begin later than this is not begun. */
const beginsWithinMs = 8 * 60_000;
const profileLines = 25;

const { values: options } = parseArgs({
  options: {
    rows: { type: "string" },
    rounds: { type: "string" },
    quick: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    profile: { type: "boolean", default: false },
    pgbench: { type: "boolean", default: true },
  },
  allowNegative: true,
});

const startedMs = performance.now();
const say = (line: string): void => {
  process.stderr.write(
    `${((performance.now() - startedMs) / 1000).toFixed(0).padStart(4)} s  ${line}\n`,
  );
};

const percent = (share: number): string => `${(share * 100).toFixed(1).padStart(5)} %`;

const profile: Context["profile"] = async (row, output, work) => {
  const taken = await profileDuring(inspectorUrl(output), () =>
    work().catch((error: unknown) => say(`${row}, while profiling: ${String(error)}`)),
  );
  const file = join(tmpdir(), `frontrow-${row}.cpuprofile`);
  writeFileSync(file, JSON.stringify(taken));
  say(`${file} is written, for Chrome's or an editor's viewer`);
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

const contextFor = (load: LoadGenerator, wanted: ReadonlySet<string>): Context => ({
  scale: scaleWanted(),
  load,
  wants: (row) => wanted.has(row),
  say,
  subject: options.profile ? { nodeArguments: ["--inspect=127.0.0.1:0"] } : {},
  profile: options.profile ? profile : null,
  pgbench: options.pgbench && versionOf(["pgbench", "--version"]) !== null,
});

const measure = async (context: Context): Promise<RowResult[]> => {
  const results: RowResult[] = [];
  for (const bench of benches) {
    if (!bench.rows.some((row) => context.wants(row))) continue;
    if (performance.now() - startedMs > beginsWithinMs) {
      say(`no time left for ${bench.rows.join(", ")}`);
      continue;
    }
    results.push(...(await bench.run(context)));
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

const notesFile = join(import.meta.dirname, "notes.md");

const write = (context: Context, results: readonly RowResult[]): void => {
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
    commit: commit(),
    rounds: context.scale.rounds,
    roundMs: context.scale.roundMs,
  };
  const notes = existsSync(notesFile) ? readFileSync(notesFile, "utf8") : "";
  writeDocument(join(root, "docs"), run, results, notes);
  say("docs/performance.md is written");
};

const main = async (): Promise<void> => {
  const all = benches.flatMap(({ rows }) => rows);
  const wanted = new Set(options.rows?.toUpperCase().split(",") ?? all);
  const unknown = [...wanted].filter((row) => !all.includes(row));
  if (unknown.length > 0)
    throw new Error(`no rows ${unknown.join(", ")}; there are ${all.join(", ")}`);
  const load = startLoadGenerator();
  try {
    const context = contextFor(load, wanted);
    const results = await measure(context);
    console.log(`\n${terminalTable(results)}`);
    for (const { row, remarks } of results) for (const it of remarks) console.log(`${row}: ${it}`);
    const complete = options.rows === undefined && !options.quick && !options.profile;
    if (complete || options.write) write(context, results);
  } finally {
    await load.close();
  }
};

await main();
