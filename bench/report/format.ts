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

export const verdictText = (reach: Target): string => (isMet(reach) ? "reached" : "not reached");

/** CPU time for one answer: `server 61, redis 12 µs`. */
export const cpuText = (figure: Figure | null): string => {
  if (figure === null) return "";
  const parts = Object.entries(figure.cpuUs)
    .filter(([name, us]) => name !== "generator" && us >= 0.5)
    .map(([name, us]) => `${name} ${Math.round(us)}`);
  return parts.length === 0 ? "" : `${parts.join(", ")} µs`;
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
