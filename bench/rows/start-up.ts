import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { summarise } from "../measure/statistics.ts";
import type { Bench, Context, RowResult } from "./row.ts";

const root = join(import.meta.dirname, "../..");
const secondStarts = 3;
const readyWithinMs = 120_000;

/** These variables decide how it starts, so they must come from here and not from the shell that runs the bench. */
const decisive = [
  "DATABASE_URL",
  "REDIS_URL",
  "NODE_ENV",
  "OPERATOR_KEY",
  "TOKEN_KEYS",
  "TICKET_KEYS",
  "npm_lifecycle_event",
];

const environmentFor = (dataDir: string): NodeJS.ProcessEnv => {
  const own = Object.entries(process.env).filter(([name]) => !decisive.includes(name));
  return { ...Object.fromEntries(own), DATA_DIR: dataDir, PORT: "0", HOST: "127.0.0.1" };
};

const addressOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let printed = "";
    const timer = setTimeout(() => fail("was not ready in time"), readyWithinMs);
    const fail = (what: string): void => reject(new Error(`npm start ${what}:\n${printed}`));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        printed += chunk.toString("utf8");
        const address = /^Open\s+(http:\S+)\s/m.exec(printed)?.[1];
        if (address === undefined) return;
        clearTimeout(timer);
        resolve(address);
      });
    }
    child.once("exit", (code) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    });
  });

const untilReady = async (url: string): Promise<void> => {
  for (;;) {
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

/** Starts the server, waits until it is ready, and ends it. Returns the time until it was ready, in s. */
const startOnce = async (dataDir: string): Promise<number> => {
  const startedMs = performance.now();
  const child = spawn("npm", ["start"], {
    cwd: root,
    env: environmentFor(dataDir),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  try {
    await untilReady(await addressOf(child));
    return (performance.now() - startedMs) / 1000;
  } finally {
    child.kill("SIGTERM");
    await gone;
  }
};

/** B10: `npm start` where it has run before. */
export const startUp: Bench = {
  rows: ["B10"],
  async *run(context: Context): AsyncIterable<RowResult> {
    mkdirSync(join(root, ".data"), { recursive: true });
    const dataDir = mkdtempSync(join(root, ".data/bench-start-"));
    try {
      context.log("B10: first start");
      const firstSeconds = await startOnce(dataDir);
      const seconds: number[] = [];
      for (let start = 0; start < secondStarts; start++) seconds.push(await startOnce(dataDir));
      const { median, max } = summarise(seconds);
      yield {
        row: "B10",
        title: "npm start, second time, until ready",
        method: `From the start of npm until /readyz answers 200, with PostgreSQL and Redis of its own and packages installed; median of ${secondStarts} starts after the first, the slowest took ${max.toFixed(2)} s. The first, which makes the data folder, took ${firstSeconds.toFixed(1)} s.`,
        subject: null,
        floor: null,
        ratio: null,
        targets: [{ what: "time", value: median, unit: "s", bound: 3, atLeast: false }],
        remarks: [],
        versions: {},
      };
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};
