import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs, parseEnv } from "node:util";
import type { Config } from "../src/app/config.ts";
import type { Environment } from "../src/app/config/readers.ts";
import { fault, linesOf, ok, warning, type Finding } from "./doctor/finding.ts";
import {
  examinePrograms,
  isReadableByOthers,
  judgeClock,
  judgeDisk,
  judgeFiles,
  judgeMemory,
  judgeNode,
  readDiskFree,
  readFilesLimit,
  readMemoryFree,
} from "./doctor/machine.ts";
import { judgePostgres, postgresAway, readPostgres } from "./doctor/postgres.ts";
import { judgeRedis, readRedis, redisAway } from "./doctor/redis.ts";
import { examineSettings } from "./doctor/settings.ts";
import { readRunningPid } from "../scripts/stores/pid-file.ts";

// `npm run doctor` looks at everything that a sale needs and says what to mend. It changes nothing.
//
//   npm run doctor                       one instance
//   npm run doctor -- --instances 3      whether the stores do for three
//
// Ends with 1 when there is a fault; warnings are for you to judge.

const root = join(import.meta.dirname, "..");
const patienceMs = 3_000;
const isSet = (environment: Environment, name: string): boolean => (environment[name] ?? "") !== "";

interface Case {
  readonly environment: Environment;
  /** Where the settings come from, for the reader. */
  readonly origin: string;
  /** Whether there is a server or stores to ask. */
  readonly isComplete: boolean;
  readonly dataDir: string;
}

/** The environment as a start would have it: what is set, .env, and what a running `npm start` wrote. */
const gather = (): Case => {
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

const examinePostgres = async (config: Config, instances: number): Promise<Finding[]> => {
  try {
    const facts = await readPostgres(config.databaseUrl);
    const judged = judgePostgres(facts, instances, config.pgConnections);
    return [...judged, judgeClock("PostgreSQL", facts.skewMs)];
  } catch (error) {
    return [postgresAway(config.databaseUrl, error)];
  }
};

const examineRedis = async ({ redisUrl }: Config, instances: number): Promise<Finding[]> => {
  if (redisUrl === null) {
    const mend = "Set REDIS_URL: each process would have a line of its own.";
    return instances > 1 ? [fault(`${instances} instances without Redis`, mend)] : [];
  }
  try {
    const facts = await readRedis(redisUrl);
    return [...judgeRedis(facts), judgeClock("Redis", facts.skewMs)];
  } catch (error) {
    return [redisAway(redisUrl, error)];
  }
};

const examineProvider = async ({ oidc }: Config): Promise<Finding[]> => {
  if (oidc === null) return [];
  const mend = "See that OIDC_JWKS_URL is right and can be reached from here.";
  try {
    const answer = await fetch(oidc.jwksUrl, { signal: AbortSignal.timeout(patienceMs) });
    const body = (await answer.json()) as { keys?: unknown };
    return Array.isArray(body.keys) && body.keys.length > 0
      ? [ok(`the identity provider shows ${body.keys.length} key(s)`)]
      : [fault("the identity provider shows no keys", mend)];
  } catch {
    return [fault("the identity provider's keys cannot be read", mend)];
  }
};

/** The listener on the configured port: none, this installation, or another program. */
const examinePort = async ({ port, host }: Config): Promise<Finding[]> => {
  if (port === 0) return [];
  const near = ["0.0.0.0", "::"].includes(host) ? "127.0.0.1" : host;
  const where = `http://${near.includes(":") ? `[${near}]` : near}:${port}`;
  try {
    const answer = await fetch(`${where}/openapi.json`, {
      signal: AbortSignal.timeout(patienceMs),
    });
    const document = (await answer.json()) as Record<string, { title?: string } | undefined>;
    if (document["info"]?.title === "Frontrow") return [ok(`Frontrow answers at ${where}`)];
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    if (cause?.code === "ECONNREFUSED") return [ok(`port ${port} is free`)];
  }
  return [fault(`something else listens at ${where}`, "End it, or set PORT to another one.")];
};

const examineFile = (name: string): Finding[] =>
  isReadableByOthers(join(root, name))
    ? [warning(`${name} can be read by others on this machine`, `chmod 600 ${name}`)]
    : [];

const examineMachine = (dataDir: string, instances: number): Finding[] => [
  judgeNode(process.version),
  judgeFiles(readFilesLimit()),
  judgeDisk(dataDir, readDiskFree(dataDir)),
  judgeMemory(readMemoryFree(), instances),
  ...examineFile(".env"),
];

const examine = async (instances: number): Promise<Record<string, readonly Finding[]>> => {
  const { environment, origin, isComplete, dataDir } = gather();
  const machine = examineMachine(dataDir, instances);
  const programs = isComplete
    ? []
    : examinePrograms(!isSet(environment, "DATABASE_URL"), !isSet(environment, "REDIS_URL"));
  if (!isComplete)
    return { "This machine": [...machine, ...programs], [`Settings: ${origin}`]: [] };
  const { config, findings } = examineSettings(environment);
  const sections = { "This machine": machine, [`Settings: ${origin}`]: findings };
  if (config === null) return sections;
  const [postgres, redis, rest, port] = await Promise.all([
    examinePostgres(config, instances),
    examineRedis(config, instances),
    examineProvider(config),
    examinePort(config),
  ]);
  return { ...sections, PostgreSQL: postgres, Redis: redis, Around: [...port, ...rest] };
};

const readInstances = (): number => {
  const { values } = parseArgs({ options: { instances: { type: "string" } } });
  const instances = Number(values.instances ?? 1);
  if (Number.isInteger(instances) && instances >= 1) return instances;
  throw new Error("--instances must be a whole number from 1 on");
};

const sections = await examine(readInstances());
for (const [title, findings] of Object.entries(sections)) {
  if (findings.length > 0 || title.startsWith("Settings")) console.log(`\n${title}`);
  for (const finding of findings) console.log(linesOf(finding));
}
const levels = Object.values(sections)
  .flat()
  .map(({ level }) => level);
const count = (level: Finding["level"]): number => levels.filter((one) => one === level).length;
const countWords = (level: "warning" | "fault"): string =>
  `${count(level)} ${level}${count(level) === 1 ? "" : "s"}`;
console.log(`\n${count("ok")} well, ${countWords("warning")}, ${countWords("fault")}`);
process.exitCode = count("fault") === 0 ? 0 : 1;
