import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "../measure/machine.ts";
import type { RowResult, Target } from "../rows/row.ts";
import { barChart, shareChart, shares, type Curve } from "./plot.ts";
import { cellsOf, headings } from "./table.ts";
import { boundText, inOrder, valueText, verdictText } from "./format.ts";

/** A run, with all that is needed to repeat it. */
export interface Run {
  readonly command: string;
  readonly startedAt: string;
  readonly tookSeconds: number;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly commit: string;
  readonly rounds: number;
  readonly roundMs: number;
}

const ratioNote = (reach: Target): string => {
  const verdict = verdictText(reach);
  return verdict === "reached" ? valueText(reach) : `${valueText(reach)}, ${verdict}`;
};

const ratioPlot = (results: readonly RowResult[]): string =>
  barChart(
    "Rate as a share of the floor's rate in the same run; the mark is the target",
    results.flatMap((result) =>
      result.targets
        .filter(({ what }) => what === "ratio")
        .map((reach) => ({
          label: `${result.row}  ${result.title.split(",")[0] ?? ""}`.slice(0, 38),
          parts: [{ name: "ratio", value: reach.value }],
          note: ratioNote(reach),
          mark: reach.bound,
        })),
    ),
  );

const cpuPlot = (results: readonly RowResult[]): string =>
  barChart(
    "CPU time for one answer, in µs",
    results.flatMap(({ row, subject, floor }) =>
      [subject, floor].flatMap((figure) => {
        if (figure === null) return [];
        const parts = Object.entries(figure.cpuUs)
          .filter(([name]) => name !== "generator")
          .map(([name, value]) => ({ name, value }));
        const sum = parts.reduce((total, { value }) => total + value, 0);
        return [{ label: `${row}  ${figure.label}`, parts, note: `${Math.round(sum)} µs` }];
      }),
    ),
  );

const latencyPlot = (results: readonly RowResult[]): string => {
  const curves = results.flatMap(({ row, subject, floor }, colour): Curve[] =>
    [subject, floor].flatMap((figure, side) => {
      const latency = figure?.latency;
      if (figure === null || latency === null || latency === undefined) return [];
      const values = shares.map((share) => latency.quantile(share) / 1000);
      return [{ label: `${row}  ${figure.label}`, dashed: side === 1, colour, values }];
    }),
  );
  return shareChart("Time to the answer, by share of all answers", "ms", curves);
};

const cell = (words: string): string => words.replaceAll("|", "\\|");

const markdownTable = (results: readonly RowResult[]): string[] => [
  `| ${headings.join(" | ")} |`,
  `|${headings.map(() => " --- |").join("")}`,
  ...results.flatMap(cellsOf).map((line) => `| ${line.map(cell).join(" | ")} |`),
];

const missed = (results: readonly RowResult[]): string[] =>
  results.flatMap((result) =>
    result.targets
      .filter((reach) => verdictText(reach) === "not reached")
      .map(
        (reach) =>
          `- ${result.row}: ${reach.what}, target ${boundText(reach)}, measured ${valueText(reach)}.`,
      ),
  );

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ["", `## ${title}`, "", ...lines];

const machineLines = ({ machine, versions, commit }: Run): string[] => [
  `- ${machine.cores} cores of ${machine.cpu}${machine.virtualised ? " (virtual machine)" : ""}, ${machine.memoryGb} GB memory, ${machine.system}, data on ${machine.fileSystem}.`,
  `- ${Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ")}.`,
  `- Commit ${commit}.`,
];

const text = (run: Run, results: readonly RowResult[], notes: string): string => {
  const { command, startedAt, tookSeconds, rounds, roundMs } = run;
  const minutes = (tookSeconds / 60).toFixed(1);
  const remarks = results.flatMap(({ row, remarks: all }) => all.map((it) => `- ${row}: ${it}`));
  return [
    "# Performance",
    "",
    `\`${command}\` wrote this page on ${startedAt.slice(0, 10)}, in ${minutes} minutes. Run it to measure your own machine.`,
    "",
    ...markdownTable(results),
    "",
    "![Ratios](performance/ratios.svg)",
    "![Latency](performance/latency.svg)",
    "![CPU time](performance/cpu.svg)",
    ...section("Machine", machineLines(run)),
    ...section("How it is measured", [
      `Every figure is a ratio in one run. After a warm-up, the floor and the server are measured in turns, in ${rounds} rounds of about ${roundMs / 1000} s each; the side that begins changes every round. The table has the medians. \`spread\` is half of the distance between the fastest and the slowest round; the ratio is the median of the rounds' own ratios. There is one server process, and one load generator in a process of its own (keep-alive HTTP/1.1 without pipelining, another user in every request). Stores, server and generator share the cores. The bare \`node:http\` server is a process of its own that sends the bytes of the server's answer with the same headers, in one write, and does nothing else. A round whose core was not busy for 95 % of the time is measured again, once; if it was not busy then either, the round does not count, and where that is half of the rounds, the ratio of the row does not count. CPU time is the kernel's count for the process, user and system; for PostgreSQL it covers all of its processes. Memory is the most that was resident after any round; for PostgreSQL, pages that its processes share count once. More than one unexpected answer in a thousand stops the run. PostgreSQL ran with \`fsync\`, \`full_page_writes\` and \`synchronous_commit\` on, Redis with its append-only file.`,
      "",
      ...results
        .filter(({ failed }) => failed === undefined)
        .map(({ row, title, method }) => `- **${row}**, ${title}. ${method}`),
    ]),
    ...section(
      "Failed",
      results.flatMap(({ row, failed }) =>
        failed === undefined ? [] : [`- ${row}: \`${failed.split("\n")[0] ?? ""}\``],
      ),
    ),
    ...section("Targets not reached", missed(results)),
    ...section("Remarks", remarks),
    ...(notes === "" ? [] : ["", notes.trim()]),
    "",
  ].join("\n");
};

/** Writes `performance.md` and its pictures into the folder. `notes` is markdown for its end. */
export const writeDocument = (
  folder: string,
  run: Run,
  results: readonly RowResult[],
  notes: string,
): void => {
  const rows = inOrder(results);
  const pictures = join(folder, "performance");
  mkdirSync(pictures, { recursive: true });
  const compared = rows.filter(({ ratio }) => ratio !== null);
  writeFileSync(join(pictures, "ratios.svg"), ratioPlot(compared));
  writeFileSync(join(pictures, "latency.svg"), latencyPlot(compared));
  writeFileSync(join(pictures, "cpu.svg"), cpuPlot(compared));
  writeFileSync(join(folder, "performance.md"), text(run, rows, notes));
};
