import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { ensureChromium } from "./stores/chromium.ts";
import { dieWithParent, isAlive, waitForExit } from "./stores/process.ts";
import { findRedis, startRedis } from "./stores/redis.ts";
import { bundleServer } from "./test/bundle-server.ts";
import { startTestPostgres, templateName } from "./test/cluster.ts";
import type { Counts } from "./test/counts.ts";
import { ensureWeb } from "./web/ensure.ts";

// Runs tests with one PostgreSQL and one Redis of this run, on free ports, in a temporary folder that is
// deleted at the end.
//
//   node scripts/test.ts                      everything, with coverage of the core
//   node scripts/test.ts src/a.test.ts …      these files or globs; options of node --test pass

const root = join(import.meta.dirname, "..");
const everything = ["src", "sdk", "web", "test", "bench"].map((folder) => `${folder}/**/*.test.ts`);
/** Tests of the pages, in a real browser. */
const browserTests = /^test\/web\//;
/** Tests that may start servers. */
const serverTests = /\.int\.test\.ts$/;
const coveredFolders = ["domain", "presenters", "streams", "use-cases"].map(
  (folder) => `src/**/${folder}/**/*.ts`,
);
const coveragePercentMin = 95;
// A test that hangs fails, and the run goes on. The slowest took 85 s, on a crowded machine 150 s.
const testTimeoutMs = 300_000;
// One more than the cores, for files that wait. On two cores four at once ended only 8 % sooner than two.
const filesAtOnce = 1 + Math.max(2, availableParallelism());

/** The folder of compiled modules, which `npm start` fills too. */
const compiled = join(root, "node_modules/.cache/frontrow/compiled");

const filesOf = (globs: readonly string[]): string[] =>
  globs.flatMap((glob) => {
    const files = globSync(glob, { cwd: root, exclude: ["**/controls/**", "node_modules/**"] });
    if (files.length === 0) throw new Error(`No test file matches ${glob}`);
    return files.sort();
  });

const coverage = [
  "--experimental-test-coverage",
  ...coveredFolders.map((glob) => `--test-coverage-include=${glob}`),
  ...["**/*.test.ts", "**/*.contract.ts"].map((glob) => `--test-coverage-exclude=${glob}`),
  `--test-coverage-lines=${coveragePercentMin}`,
  `--test-coverage-branches=${coveragePercentMin}`,
];

/** Unmounts what a killed test has left mounted below a folder. */
const unmountBelow = (folder: string): void => {
  const mounts = existsSync("/proc/mounts") ? readFileSync("/proc/mounts", "utf8") : "";
  const points = mounts.split("\n").map((line) => line.split(" ")[1] ?? "");
  for (const point of points) if (point.startsWith(`${folder}/`)) spawnSync("umount", [point]);
};

/** Deletes what killed runs have left: their folders name a process that is gone. */
const sweep = (): void => {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(/^frontrow-test-(\d+)-/.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid) || isAlive(pid)) continue;
    const folder = join(tmpdir(), name);
    unmountBelow(folder);
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      console.log(`${folder}, of a run that was killed, stays: ${String(error)}`);
    }
  }
};

const startStores = async (
  folder: string,
): Promise<{ environment: Record<string, string>; stop(): Promise<void> }> => {
  const program = findRedis(join(root, ".data/packages"));
  if (program === null) {
    throw new Error("Tests need Redis: install redis-server, or redis-tools, or valkey-server.");
  }
  const [postgres, redis] = await Promise.all([
    startTestPostgres(root, join(folder, "postgres")),
    startRedis({ program, folder: join(folder, "redis"), lastSignal: "KILL" }),
  ]);
  return {
    environment: {
      TEST_FOLDER: folder,
      TEST_DATABASE_URL: postgres.url(templateName),
      TEST_REDIS_URL: redis.url,
      TEST_REDIS_PROGRAM: JSON.stringify(program),
    },
    stop: async () => void (await Promise.all([postgres.stop(), redis.stop()])),
  };
};

const startRunner = (
  args: readonly string[],
  environment: Record<string, string>,
): ChildProcess => {
  const words = [...dieWithParent("TERM"), process.execPath, ...args];
  return spawn(words[0] ?? "", words.slice(1), {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    detached: true, // A process group of its own, so that all test processes can be killed together.
    // Halves the time to load the program, of the tests and of the servers that they start. The coverage of branches
    // gets 0.1 % lower by it.
    env: { ...process.env, NODE_ENV: "test", NODE_COMPILE_CACHE: compiled, ...environment },
  });
};

/** Kills the rest of a process group that this run has started. */
const endGroup = (leader: number | undefined): void => {
  try {
    if (leader !== undefined) process.kill(-leader, "SIGKILL");
  } catch {
    // No process is left.
  }
};

const readCounts = (file: string): Counts =>
  existsSync(file) && readFileSync(file, "utf8") !== ""
    ? (JSON.parse(readFileSync(file, "utf8")) as Counts)
    : { passed: 0, failed: 1, skipped: 0 };

/** Prints the counts and returns the exit code. */
const report = (counts: Counts, succeeded: boolean): number => {
  const { passed, failed, skipped } = counts;
  if (skipped > 0) console.log(`${skipped} skipped: a skipped test counts as failed`);
  // A failure outside the tests, such as too little coverage, counts as one.
  const failures = Math.max(failed + skipped, succeeded && passed > 0 ? 0 : 1);
  console.log(`${passed} passed, ${failures} failed`);
  return failures === 0 ? 0 : 1;
};

/**
 * Builds the pages and finds the browser for the files that need them. A machine that has no Chromium and
 * cannot install it runs the other files; in CI it is an error.
 */
const prepareBrowser = async (
  files: readonly string[],
): Promise<{ files: readonly string[]; environment: Record<string, string> }> => {
  if (!files.some((file) => browserTests.test(file))) return { files, environment: {} };
  await ensureWeb(root);
  const chromium = ensureChromium();
  if (chromium !== null) return { files, environment: { TEST_CHROMIUM: chromium } };
  const missing = "The tests of the pages need Chromium: install it, or set CHROMIUM to its path.";
  if ((process.env["CI"] ?? "") !== "") throw new Error(missing);
  console.log(`${missing} They do not run.`);
  return { files: files.filter((file) => !browserTests.test(file)), environment: {} };
};

const prepareServer = async (files: readonly string[]): Promise<Record<string, string>> =>
  files.some((file) => serverTests.test(file)) ? { TEST_SERVER: await bundleServer(root) } : {};

const isOption = (word: string): boolean => word.startsWith("-");

const argsOf = (words: readonly string[], files: readonly string[], countsFile: string) => {
  const isWhole = words.every(isOption);
  return [
    "--test",
    `--test-timeout=${testTimeoutMs}`,
    `--test-concurrency=${filesAtOnce}`,
    "--test-reporter=spec",
    "--test-reporter-destination=stdout",
    `--test-reporter=${join(root, "scripts/test/counts.ts")}`,
    `--test-reporter-destination=${countsFile}`,
    ...(isWhole ? coverage : []),
    ...words.filter(isOption),
    ...files,
  ];
};

const main = async (): Promise<number> => {
  sweep();
  const folder = mkdtempSync(join(tmpdir(), `frontrow-test-${process.pid}-`));
  let runner: ChildProcess | undefined;
  let interrupted = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      interrupted = true;
      runner?.kill("SIGTERM");
    });
  }
  let stores: Awaited<ReturnType<typeof startStores>> | undefined;
  try {
    const countsFile = join(folder, "counts.json");
    const words = process.argv.slice(2);
    const globs = words.filter((word) => !isOption(word));
    const { files, environment } = await prepareBrowser(
      filesOf(globs.length === 0 ? everything : globs),
    );
    const server = await prepareServer(files);
    stores = await startStores(folder);
    if (!interrupted) {
      const args = argsOf(words, files, countsFile);
      runner = startRunner(args, { ...stores.environment, ...environment, ...server });
      await waitForExit(runner);
    }
    return report(readCounts(countsFile), runner?.exitCode === 0 && !interrupted);
  } finally {
    endGroup(runner?.pid);
    await stores?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

process.exitCode = await main();
