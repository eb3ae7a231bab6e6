import type { Figure } from "../measure/round.ts";
import { isMet, type Target, type RowResult } from "../rows/row.ts";

/** `12,340/s` */
export const rate = (figure: Figure | null): string =>
  figure === null ? "" : `${Math.round(figure.perSecond.median).toLocaleString("en")}/s`;

/** `±4 %`: half of the distance between the fastest and the slowest round. */
export const spreadOf = (figure: Figure | null): string =>
  figure === null ? "" : `±${Math.round(figure.perSecond.spread * 50)} %`;

const digits = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString("en") : value.toFixed(value >= 10 ? 1 : 2);

export const valueText = ({ value, unit }: Target): string => `${digits(value)} ${unit}`;

export const boundText = ({ bound, unit, atLeast }: Target): string =>
  `${atLeast ? "≥" : "≤"} ${bound.toLocaleString("en")} ${unit}`;

export const verdictText = (reach: Target): string => {
  if (reach.counts === false) return "does not count";
  return isMet(reach) ? "reached" : "not reached";
};

/** CPU time for one answer: `server 61, redis 12 µs`. */
export const cpuText = (figure: Figure | null): string => {
  if (figure === null) return "";
  const parts = Object.entries(figure.cpuUs)
    .filter(([name, us]) => name !== "generator" && us >= 0.5)
    .map(([name, us]) => `${name} ${Math.round(us)}`);
  return parts.length === 0 ? "" : `${parts.join(", ")} µs`;
};

const megabyte = 2 ** 20;

/** `server 206, redis 61 MB`: the most resident memory after any round. */
export const memoryText = (figure: Figure | null): string => {
  const parts = Object.entries(figure?.memoryBytes ?? {}).map(
    ([name, bytes]) => `${name} ${Math.round(bytes / megabyte)}`,
  );
  return parts.length === 0 ? "" : `${parts.join(", ")} MB`;
};

/** CPU time of a million answers, by process and in all. A microsecond an answer is a second a million. */
export const millionText = ({ cpuUs }: Pick<Figure, "cpuUs">): string => {
  const parts = Object.entries(cpuUs).filter(([name]) => name !== "generator");
  const sum = parts.reduce((total, [, us]) => total + us, 0);
  const each = parts.map(([name, us]) => `${name} ${digits(us)} s`);
  return `A million answers take ${digits(sum)} s of CPU time: ${each.join(", ")}.`;
};

const quantileMs = (figure: Figure, share: number): string =>
  digits((figure.latency?.quantile(share) ?? 0) / 1000);

/** `1.2 / 4.5 ms`: p50 and p99. */
export const latencyText = (figure: Figure | null): string =>
  figure?.latency === null || figure === null
    ? ""
    : `${quantileMs(figure, 0.5)} / ${quantileMs(figure, 0.99)} ms`;

export const busyText = (figure: Figure | null): string =>
  figure === null || figure.serverBusy === null ? "" : `${Math.round(figure.serverBusy * 100)} %`;

/** The rows by letter and number. */
export const inOrder = (results: readonly RowResult[]): RowResult[] =>
  results.toSorted((a, b) => a.row.localeCompare(b.row, "en", { numeric: true }));
