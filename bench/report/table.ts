import type { RowResult } from "../rows/row.ts";
import {
  boundText,
  busyText,
  cpuText,
  inOrder,
  latencyText,
  memoryText,
  rate,
  valueText,
  spreadOf,
  verdictText,
} from "./format.ts";

export const headings = [
  "row",
  "request",
  "side",
  "rate",
  "spread",
  "CPU an answer",
  "server's core",
  "p50 / p99",
  "memory",
  "figure",
  "target",
  "",
];

/** A longer message would break the table; the log has all of it. */
const whyCharsMax = 120;
const blank = headings.slice(3).map(() => "");

/** The cells of one row: the subject with its figures, then the floor. */
export const cellsOf = (result: RowResult): string[][] => {
  if (result.failed !== undefined) {
    const [why = ""] = result.failed.split("\n");
    return [[result.row, `${result.title}: ${why.slice(0, whyCharsMax)}`, ...blank, "failed"]];
  }
  const [first, ...others] = result.targets;
  const figures = (reach: (typeof result.targets)[number] | undefined): string[] =>
    reach === undefined
      ? ["", "", ""]
      : [`${reach.what} ${valueText(reach)}`, boundText(reach), verdictText(reach)];
  const side = (figure: RowResult["subject"]): string[] => [
    figure?.label ?? "",
    rate(figure),
    spreadOf(figure),
    cpuText(figure),
    busyText(figure),
    latencyText(figure),
    memoryText(figure),
  ];
  const [second, ...more] = others;
  return [
    [result.row, result.title, ...side(result.subject), ...figures(first)],
    ...(result.floor !== null || second !== undefined
      ? [["", "", ...side(result.floor), ...figures(second)]]
      : []),
    ...more.map((reach) => [...Array.from({ length: 9 }, () => ""), ...figures(reach)]),
  ];
};

/** The table as it is printed in a terminal. */
export const terminalTable = (results: readonly RowResult[]): string => {
  const lines = [headings, ...inOrder(results).flatMap(cellsOf)];
  const widths = headings.map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? "").length)),
  );
  const printed = lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  printed.splice(1, 0, widths.map((width) => "-".repeat(width)).join("  "));
  return printed.join("\n");
};
