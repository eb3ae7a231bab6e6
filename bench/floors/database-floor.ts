import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import pg from "pg";
import { cpuUse, machineTimes, type Watched } from "../measure/processes.ts";
import type { PgOrder, PgReport } from "./pg-client.ts";

/** The result of one run of single transactions. */
export interface FloorRun {
  readonly connections: number;
  readonly transactions: number;
  readonly perSecond: number;
  /** CPU time of all of the database's processes for one transaction, in µs. */
  readonly databaseUs: number;
  /** Share of all cores' time that stayed unused. */
  readonly idle: number;
}

/** A statement that is run again and again with rising numbers, each of which works once. */
export interface DatabaseFloor {
  readonly client: "pgbench" | "pg";
  /** Prepares what runs of so long in all can use up at the highest rate so far, before they begin. */
  stock(durationMs: number): Promise<void>;
  /** Runs the statement on `connections` connections, and checks the result of every transaction. */
  run(connections: number, durationMs: number): Promise<FloorRun>;
}

export interface FloorSetting {
  readonly url: string;
  readonly folder: string;
  readonly name: string;
  /** The statements that a migrated database needs first. */
  readonly open: readonly string[];
  /** Makes the numbers `from` to `to`, without it, fit to be used. */
  readonly prepare: (from: number, to: number) => readonly string[];
  /** With `:n` for the number. */
  readonly statement: string;
  /** A query for `count`, the transactions that had their effect so far, and `next`, the number to go on with. */
  readonly effects: string;
  readonly database: Watched;
  readonly pgbench: boolean;
}

const execute = promisify(execFile);

interface Effects {
  readonly count: number;
  readonly next: number;
}

const readEffects = async ({ url, effects }: FloorSetting): Promise<Effects> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: string; next: string }>(effects);
    return { count: Number(rows[0]?.count), next: Number(rows[0]?.next) };
  } finally {
    await client.end();
  }
};

interface Ran {
  readonly transactions: number;
  readonly perSecond: number;
}

type Runner = (from: number, connections: number, durationMs: number) => Promise<Ran>;

/** Each connection takes every n-th number, so that they never meet. */
const pgbenchScript = (statement: string): string =>
  `\\set n :base + :client_id + :clients * :i\n\\set i :i + 1\n${statement.replaceAll("\n", " ")};\n`;

/** Reads what pgbench prints at its end; throws when a transaction failed. */
export const parsePgbench = (printed: string): Ran => {
  const transactions = /transactions actually processed: (\d+)/.exec(printed)?.[1];
  const perSecond = /tps = ([\d.]+) \(without initial connection time\)/.exec(printed)?.[1];
  const failed = /number of failed transactions: (\d+)/.exec(printed)?.[1] ?? "0";
  // A machine that is busy with something else may not even get all clients connected in time.
  if (transactions === "0") return { transactions: 0, perSecond: 0 };
  if (transactions === undefined || perSecond === undefined || failed !== "0")
    throw new Error(`pgbench said:\n${printed}`);
  return { transactions: Number(transactions), perSecond: Number(perSecond) };
};

const pgbenchRunner = (setting: FloorSetting): Runner => {
  const file = join(setting.folder, `${setting.name}.pgbench.sql`);
  writeFileSync(file, pgbenchScript(setting.statement));
  return async (from, connections, durationMs) => {
    const threads = Math.min(connections, availableParallelism());
    const seconds = Math.max(1, Math.round(durationMs / 1000));
    const words = [
      ...["-n", "-M", "prepared", "-f", file],
      ...["-c", `${connections}`, "-j", `${threads}`, "-T", `${seconds}`],
      ...["-D", `base=${from}`, "-D", `clients=${connections}`, "-D", "i=0"],
      setting.url,
    ];
    const { stdout } = await execute("pgbench", words, { timeout: durationMs + 60_000 });
    return parsePgbench(stdout);
  };
};

const clientProgram = fileURLToPath(new URL("./pg-client.ts", import.meta.url));

const pgRunner =
  (setting: FloorSetting): Runner =>
  async (from, connections, durationMs) => {
    const child = fork(clientProgram, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    try {
      const text = setting.statement.replaceAll(":n", "$1");
      const order: PgOrder = { url: setting.url, text, connections, durationMs, from };
      child.send(order);
      const [said] = (await once(child, "message")) as [{ report?: PgReport; error?: string }];
      if (said.report === undefined) throw new Error(`pg: ${said.error}`);
      const { transactions, elapsedMs } = said.report;
      return { transactions, perSecond: (transactions * 1000) / elapsedMs };
    } finally {
      child.disconnect();
    }
  };

/** Until a run has shown more: what a machine of two cores does not commit in a second. */
const perSecondAtFirst = 9_000;
/** A run may be that much faster than the fastest before it. */
const margin = 1.5;
/** Each time a run has used everything up, twice as much is prepared for it. */
const triesMax = 4;

/** Numbers that are fit to be used, made before a run for the fastest that it may be. */
const stockOf = (setting: FloorSetting) => {
  let to = 0;
  let perSecondMax = perSecondAtFirst;
  return {
    /** So that at least as many follow on `from` as `durationMs` can use up. */
    fill: async (from: number, durationMs: number): Promise<void> => {
      const wanted = from + Math.ceil((durationMs / 1000) * perSecondMax);
      if (wanted <= to) return;
      const statements = [...(to === 0 ? setting.open : []), ...setting.prepare(to, wanted)];
      await prepareDatabase(setting.url, statements);
      to = wanted;
    },
    /** Whether a run that went on to `next` may have gone beyond what there was. */
    isUsedUp: (next: number, connections: number): boolean => next + connections >= to,
    learn: (perSecond: number): void => {
      perSecondMax = Math.max(perSecondMax, margin * perSecond);
    },
    double: (): void => {
      perSecondMax *= 2;
    },
  };
};

/** Numbers start at 0, are never used twice, and never run out. */
export const databaseFloor = (setting: FloorSetting): DatabaseFloor => {
  const runner = setting.pgbench ? pgbenchRunner(setting) : pgRunner(setting);
  const stock = stockOf(setting);

  const run = async (connections: number, durationMs: number, tryNumber = 1): Promise<FloorRun> => {
    await stock.fill((await readEffects(setting)).next, durationMs);
    const before = await readEffects(setting);
    const usedBefore = cpuUse(setting.database);
    const idleBeforeMs = machineTimes().idleMs;
    const startedMs = performance.now();
    const { transactions, perSecond } = await runner(before.next, connections, durationMs);
    const usedMs = cpuUse(setting.database).totalMs - usedBefore.totalMs;
    const elapsedMs = performance.now() - startedMs;
    const idleMs = machineTimes().idleMs - idleBeforeMs;
    const after = await readEffects(setting);
    const done = after.count - before.count;
    if (done !== transactions && stock.isUsedUp(after.next, connections) && tryNumber < triesMax) {
      stock.double();
      return run(connections, durationMs, tryNumber + 1);
    }
    if (done !== transactions)
      throw new Error(`${setting.name}: ${transactions} transactions, ${done} effects`);
    stock.learn(perSecond);
    return {
      connections,
      transactions,
      perSecond,
      databaseUs: (usedMs * 1000) / transactions,
      idle: idleMs / (elapsedMs * availableParallelism()),
    };
  };

  return {
    client: setting.pgbench ? "pgbench" : "pg",
    stock: async (durationMs) => stock.fill((await readEffects(setting)).next, durationMs),
    run: (connections, durationMs) => run(connections, durationMs),
  };
};

/** Tries the numbers of connections and returns the fastest one. */
export const bestConnections = async (
  floor: DatabaseFloor,
  candidates: readonly number[],
  durationMs: number,
): Promise<{ best: number; tried: readonly FloorRun[] }> => {
  const tried: FloorRun[] = [];
  for (const connections of candidates) tried.push(await floor.run(connections, durationMs));
  const [fastest] = tried.toSorted((a, b) => b.perSecond - a.perSecond);
  if (fastest === undefined) throw new RangeError("no numbers of connections to try");
  return { best: fastest.connections, tried };
};

/** Runs statements one after the other, then brings the planner's statistics and the disk up to date. */
const prepareDatabase = async (url: string, statements: readonly string[]): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of [...statements, "vacuum analyze", "checkpoint"])
      await client.query(statement);
  } finally {
    await client.end();
  }
};
