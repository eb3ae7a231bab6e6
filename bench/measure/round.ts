import { availableParallelism } from "node:os";
import type { JobResult } from "../load/job.ts";
import { histogram, type Histogram } from "../load/histogram.ts";
import { summarise, type Summary } from "./statistics.ts";

/** The result of one measured round of one side. */
export interface Round {
  readonly perSecond: number;
  /** CPU time for one answer of each process that took part, in µs. */
  readonly cpuUs: Readonly<Record<string, number>>;
  /** Share of the time in which the server's main thread was on a core; null where there is none. */
  readonly serverBusy: number | null;
  /** Share of all cores' time that stayed unused. */
  readonly idle: number | null;
  readonly latency: Histogram | null;
  /** Memory of each process that took part after the round, in bytes; empty where it was not read. */
  readonly memoryBytes: Readonly<Record<string, number>>;
}

/** All rounds of one side. */
export interface Figure {
  readonly label: string;
  readonly perSecond: Summary;
  readonly cpuUs: Readonly<Record<string, number>>;
  readonly serverBusy: number | null;
  readonly idle: number | null;
  readonly latency: Histogram | null;
  /** The most of any round, in bytes. */
  readonly memoryBytes: Readonly<Record<string, number>>;
}

/** More than this share of unexpected answers and the figure is of something else. */
const strayShareMax = 0.001;

/** Reads a load's result as a round; throws when answers or connections were not as they should be. */
export const roundOf = (
  result: JobResult,
  expected: readonly number[],
  what: string,
  memoryBytes: Round["memoryBytes"] = {},
): Round => {
  const wanted = expected.reduce((sum, status) => sum + (result.statuses[status] ?? 0), 0);
  const strays = result.answered - wanted + result.failureCount;
  if (wanted === 0 || strays > strayShareMax * result.answered) {
    const said = JSON.stringify({ statuses: result.statuses, failures: result.failures });
    throw new Error(`${what}: expected ${expected.join("/")}, got ${said}`);
  }
  const cpuUs = Object.fromEntries(
    result.used.map(({ name, totalMs }) => [name, (totalMs * 1000) / wanted]),
  );
  const server = result.used.find(({ name }) => name === "server");
  return {
    perSecond: (wanted * 1000) / result.measuredMs,
    cpuUs,
    serverBusy: server === undefined ? null : server.mainThreadMs / result.measuredMs,
    idle: result.idleMs / (result.measuredMs * availableParallelism()),
    latency: histogram(result.latency),
    memoryBytes,
  };
};

const mostOf = (rounds: readonly Round[]): Record<string, number> => {
  const most: Record<string, number> = {};
  for (const { memoryBytes } of rounds)
    for (const [name, bytes] of Object.entries(memoryBytes))
      most[name] = Math.max(most[name] ?? 0, bytes);
  return most;
};

const middle = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : summarise(known).median;
};

/** The medians over the rounds of one side; latencies of all rounds together, and the most memory. */
export const figureOf = (label: string, rounds: readonly Round[]): Figure => {
  const names = [...new Set(rounds.flatMap((round) => Object.keys(round.cpuUs)))];
  const all = histogram();
  for (const { latency } of rounds) if (latency !== null) all.add(latency.pairs());
  return {
    label,
    perSecond: summarise(rounds.map((round) => round.perSecond)),
    cpuUs: Object.fromEntries(
      names.map((name) => [name, middle(rounds.map((round) => round.cpuUs[name] ?? null)) ?? 0]),
    ),
    serverBusy: middle(rounds.map((round) => round.serverBusy)),
    idle: middle(rounds.map((round) => round.idle)),
    latency: all.count() === 0 ? null : all,
    memoryBytes: mostOf(rounds),
  };
};

/**
 * Measures both sides in turn, and the other way round in every second round, so that what a machine
 * does over time falls on both alike.
 */
export const alternate = async (
  rounds: number,
  floor: () => Promise<Round>,
  subject: () => Promise<Round>,
): Promise<{ floor: Round[]; subject: Round[] }> => {
  const found: { floor: Round[]; subject: Round[] } = { floor: [], subject: [] };
  for (let round = 0; round < rounds; round++) {
    const order =
      round % 2 === 0 ? (["floor", "subject"] as const) : (["subject", "floor"] as const);
    for (const side of order) found[side].push(await (side === "floor" ? floor() : subject()));
  }
  return found;
};
