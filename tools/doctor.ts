import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs, parseEnv } from "node:util";
import type { Config } from "../src/app/config.ts";
import type { Environment } from "../src/app/config/readers.ts";
import { fault, formatFinding, ok, warning, type Finding } from "./doctor/finding.ts";
import {
  inspectPrograms,
  isReadableByOthers,
  checkClock,
  checkDisk,
  checkFiles,
  checkMemory,
  checkNode,
  readDiskFree,
  readFilesLimit,
  readMemoryFree,
} from "./doctor/machine.ts";
import { checkPostgres, postgresUnreachable, readPostgres } from "./doctor/postgres.ts";
import { inspectProvider } from "./doctor/provider.ts";
import { checkRedis, readRedis, redisUnreachable } from "./doctor/redis.ts";
import { inspectSettings } from "./doctor/settings.ts";
import { readRunningPid } from "../scripts/stores/pid-file.ts";

// `npm run doctor` checks the machine, the settings and the stores of a sale, and says how to repair them. It
// changes nothing.
//
//   npm run doctor                       one instance
//   npm run doctor -- --instances 3      checks the stores for three instances
//
// Ends with 1 when there is a fault; a warning leaves the decision to the operator.

const root = join(import.meta.dirname, "..");
const timeoutMs = 3_000;
const isSet = (environment: Environment, name: string): boolean => (environment[name] ?? "") !== "";

interface Target {
  readonly environment: Environment;
  /** Where the settings come from, for the output. */
  readonly origin: string;
  /** Whether there are stores to check. */
  readonly isComplete: boolean;
  readonly dataDir: string;
}

/** Reads the settings of a start: the environment, .env, and the file of a running `npm start`. */
const readTarget = (): Target => {
  if (existsSync(join(root, ".env"))) process.loadEnvFile(join(root, ".env"));
  const given: Environment = { ...process.env };
  const dataDir = resolve(root, given["DATA_DIR"] || ".data");
  const isComplete = isSet(given, "DATABASE_URL") && isSet(given, "REDIS_URL");
  if (isComplete || given["NODE_ENV"] === "production") {
    return { environment: given, origin: "the environment", isComplete: true, dataDir };
  }
  const file = join(dataDir, "instance.env");
  const isRunning = readRunningPid(join(dataDir, "owner")) !== null && existsSync(file);
  const kept = isRunning ? parseEnv(readFileSync(file, "utf8")) : {};
  const set = Object.entries(given).filter(([, value]) => (value ?? "") !== "");
  const origin = isRunning
    ? `the npm start that runs on ${relative(process.cwd(), dataDir) || "."}`
    : "the stores that npm start would make itself";
  return {
    environment: { ...kept, ...Object.fromEntries(set) },
    origin,
    isComplete: isRunning,
    dataDir,
  };
};

const inspectPostgres = async (config: Config, instances: number): Promise<Finding[]> => {
  try {
    const facts = await readPostgres(config.databaseUrl);
    const judged = checkPostgres(facts, instances, config.pgConnections);
    return [...judged, checkClock("PostgreSQL", facts.skewMs)];
  } catch (error) {
    return [postgresUnreachable(config.databaseUrl, error)];
  }
};

const inspectRedis = async ({ redisUrl }: Config, instances: number): Promise<Finding[]> => {
  if (redisUrl === null) {
    const fix = "Set REDIS_URL: without it each process has a queue of its own.";
    return instances > 1 ? [fault(`${instances} instances without Redis`, fix)] : [];
  }
  try {
    const facts = await readRedis(redisUrl);
    return [...checkRedis(facts), checkClock("Redis", facts.skewMs)];
  } catch (error) {
    return [redisUnreachable(redisUrl, error)];
  }
};

/** The listener on a port of the settings: none, this installation, or another program. */
const inspectPort = async (
  name: "PORT" | "OPS_PORT",
  port: number | null,
  host: string,
): Promise<Finding[]> => {
  if (port === null || port === 0) return [];
  const near = ["0.0.0.0", "::"].includes(host) ? "127.0.0.1" : host;
  const where = `http://${near.includes(":") ? `[${near}]` : near}:${port}`;
  try {
    const answer = await fetch(`${where}/openapi.json`, {
      signal: AbortSignal.timeout(timeoutMs),
    });
    const document = (await answer.json()) as Record<string, { title?: string } | undefined>;
    if (document["info"]?.title === "Frontrow") return [ok(`Frontrow answers at ${where}`)];
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    if (cause?.code === "ECONNREFUSED") return [ok(`port ${port} is free`)];
  }
  return [fault(`another program listens at ${where}`, `Stop it, or set ${name} to another port.`)];
};

const inspectFile = (name: string): Finding[] =>
  isReadableByOthers(join(root, name))
    ? [warning(`${name} can be read by others on this machine`, `chmod 600 ${name}`)]
    : [];

const inspectMachine = (dataDir: string, instances: number): Finding[] => [
  checkNode(process.version),
  checkFiles(readFilesLimit()),
  checkDisk(dataDir, readDiskFree(dataDir)),
  checkMemory(readMemoryFree(), instances),
  ...inspectFile(".env"),
];

const inspect = async (instances: number): Promise<Record<string, readonly Finding[]>> => {
  const { environment, origin, isComplete, dataDir } = readTarget();
  const machine = inspectMachine(dataDir, instances);
  const programs = isComplete
    ? []
    : inspectPrograms(!isSet(environment, "DATABASE_URL"), !isSet(environment, "REDIS_URL"));
  if (!isComplete)
    return { "This machine": [...machine, ...programs], [`Settings: ${origin}`]: [] };
  const { config, findings } = inspectSettings(environment);
  const sections = { "This machine": machine, [`Settings: ${origin}`]: findings };
  if (config === null) return sections;
  const { port, opsPort, host } = config;
  const [postgres, redis, ...network] = await Promise.all([
    inspectPostgres(config, instances),
    inspectRedis(config, instances),
    inspectPort("PORT", port, host),
    inspectPort("OPS_PORT", opsPort, host),
    inspectProvider(config),
  ]);
  return { ...sections, PostgreSQL: postgres, Redis: redis, Network: network.flat() };
};

const readInstances = (): number => {
  const { values } = parseArgs({ options: { instances: { type: "string" } } });
  const instances = Number(values.instances ?? 1);
  if (Number.isInteger(instances) && instances >= 1) return instances;
  throw new Error("--instances must be a whole number, 1 or more");
};

const sections = await inspect(readInstances());
for (const [title, findings] of Object.entries(sections)) {
  if (findings.length > 0 || title.startsWith("Settings")) console.log(`\n${title}`);
  for (const finding of findings) console.log(formatFinding(finding));
}
const levels = Object.values(sections)
  .flat()
  .map(({ level }) => level);
const count = (level: Finding["level"]): number => levels.filter((one) => one === level).length;
const countWords = (level: "warning" | "fault"): string =>
  `${count(level)} ${level}${count(level) === 1 ? "" : "s"}`;
console.log(`\n${count("ok")} ok, ${countWords("warning")}, ${countWords("fault")}`);
process.exitCode = count("fault") === 0 ? 0 : 1;
