import { existsSync, mkdirSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { join, relative, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseConfig } from "../src/app/config.ts";
import type { Environment } from "../src/app/config/readers.ts";
import { explainStartError } from "../src/app/start-error.ts";
import {
  demoSecrets,
  startLocalPostgres,
  startLocalRedis,
  writeInstanceFile,
  type LocalStore,
} from "./start/local-stores.ts";
import { startInstances } from "./start/instances.ts";
import { readOptions } from "./start/options.ts";
import { acquirePidFile, releasePidFile } from "./stores/pid-file.ts";
import { ensureWeb } from "./web/ensure.ts";

// `npm start`. With DATABASE_URL and REDIS_URL it starts one server on them, as production and further
// instances do. Otherwise it first starts the missing stores, with data, demo secrets and a demo sale in
// DATA_DIR. With `--instances 3` it starts three processes on one port. A signal drains the server, then
// stops everything that this program has started.

interface Server {
  readonly url: string;
  close(): Promise<void>;
}

const root = join(import.meta.dirname, "..");
// Longer than the server takes to drain by its own limit; then its stores stop although it hangs.
const drainTimeoutMs = 320_000;
const closers: (() => Promise<void> | void)[] = [];
const print = (line = ""): void => void process.stdout.write(`${line}\n`);
const isSet = (environment: Environment, name: string): boolean => (environment[name] ?? "") !== "";

class StartRefused extends Error {}

/** Locks DATA_DIR until this process ends. Throws StartRefused when another running process holds it. */
const lockDataDir = (dataDir: string): void => {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const ownerFile = join(dataDir, "owner");
  const owner = acquirePidFile(ownerFile);
  if (owner !== null) {
    const file = relative(process.cwd(), join(dataDir, "instance.env"));
    throw new StartRefused(
      `Frontrow already runs from ${dataDir}: process ${owner}. This command has started and stopped nothing.\n` +
        "Stop that process first (Ctrl-C where it runs), or set DATA_DIR to another folder, or add an\n" +
        `instance on its stores:  (set -a; . ${file}; PORT=3001 npm start)`,
    );
  }
  closers.push(() => releasePidFile(ownerFile));
};

/** Registers the stop of a store once it has started, also when the other store fails to start. */
const withStop = async (
  starting: Promise<LocalStore | null> | null,
): Promise<LocalStore | null> => {
  const store = await starting;
  if (store !== null) closers.push(() => store.stop());
  return store;
};

const startStores = async (
  given: Environment,
  dataDir: string,
  instances: number,
): Promise<{ postgres: LocalStore | null; redis: LocalStore | null }> => {
  const [postgres, redis] = await Promise.allSettled([
    withStop(isSet(given, "DATABASE_URL") ? null : startLocalPostgres(dataDir, instances)),
    withStop(isSet(given, "REDIS_URL") ? null : startLocalRedis(dataDir)),
  ]);
  if (postgres.status === "rejected") throw postgres.reason;
  if (redis.status === "rejected") throw redis.reason;
  return { postgres: postgres.value, redis: redis.value };
};

/** Starts the stores that DATABASE_URL and REDIS_URL do not name. Returns the complete environment. */
const startMissingStores = async (given: Environment, instances: number): Promise<Environment> => {
  const dataDir = resolve(root, given["DATA_DIR"] || ".data");
  lockDataDir(dataDir);
  const { postgres, redis } = await startStores(given, dataDir, instances);
  const complete: Environment = {
    ...demoSecrets(dataDir),
    // Only in a database that this program has made.
    DEMO_SEED: String(postgres !== null),
    DATABASE_URL: postgres?.url,
    REDIS_URL: redis?.url ?? "memory",
    ...withoutEmpty(given),
  };
  print(`Stores      ${postgres?.description ?? "PostgreSQL at DATABASE_URL"}`);
  print(`            ${redis?.description ?? queueWithoutRedis(given)}`);
  const file = writeInstanceFile(dataDir, complete);
  print(`            for another instance: ${relative(process.cwd(), file)}`);
  return complete;
};

const withoutEmpty = (environment: Environment): Environment =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => (value ?? "") !== ""));

const queueWithoutRedis = (given: Environment): string =>
  isSet(given, "REDIS_URL") && !(given["REDIS_URL"] ?? "").startsWith("memory")
    ? "Redis at REDIS_URL"
    : "NO REDIS: THE QUEUE IS IN MEMORY. One process only; a restart empties the queue.";

const prepare = async (given: Environment, instances: number): Promise<Environment> => {
  const complete = isSet(given, "DATABASE_URL") && isSet(given, "REDIS_URL");
  // In production the server names the missing settings and ends; it gets no local stores or demo secrets.
  return complete || given["NODE_ENV"] === "production"
    ? given
    : startMissingStores(given, instances);
};

/** The id of the first concert, for the reader to copy. An error is not fatal. */
const firstConcertId = async (url: string): Promise<string> => {
  try {
    const answer = await fetch(`${url}/api/v1/concerts`, { signal: AbortSignal.timeout(2_000) });
    return /"concertId":"([^"]+)"/.exec(await answer.text())?.[1] ?? "none yet";
  } catch {
    return "not known yet";
  }
};

const printSummary = async (
  server: Server,
  given: Environment,
  used: Environment,
): Promise<void> => {
  const ops = isSet(given, "OPS_PORT")
    ? server.url.replace(/\d+$/, String(given["OPS_PORT"]))
    : server.url;
  print(`Open        ${server.url}   and, for the operator, ${ops}/console`);
  print(`API         ${ops}/docs  and  ${server.url}/openapi.json`);
  if (used !== given) {
    const own = isSet(given, "OPERATOR_KEY");
    print(`Operator    ${own ? "the key in OPERATOR_KEY" : `${used["OPERATOR_KEY"]}  (demo)`}`);
    print(`Concert     ${await firstConcertId(server.url)}`);
  }
  print("Ready. Ctrl-C drains the server and stops everything that this command has started.");
};

let boot: Promise<void> = Promise.resolve();
let ending: Promise<void> | undefined;

const closeAll = async (): Promise<boolean> => {
  let clean = true;
  // In reverse order: the server drains before its stores stop.
  for (const close of closers.toReversed()) {
    try {
      await Promise.race([close(), sleep(drainTimeoutMs, undefined, { ref: false })]);
    } catch (error) {
      clean = false;
      print(`While stopping: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return clean;
};

/** Stops everything, once. A terminal and npm both send SIGINT, so a second signal changes nothing. */
const shutDown = (why: string): void => {
  ending ??= (async () => {
    print(`\n${why}: draining …`);
    await boot.catch(() => undefined);
    const clean = await closeAll();
    print("Stopped.");
    process.exit(clean ? 0 : 1);
  })();
};

/** npm does not always pass a signal on, and may be killed: then this process has another parent. */
const watchNpm = (): void => {
  if (process.env["npm_lifecycle_event"] === undefined) return;
  const parent = process.ppid;
  const poll = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(poll);
    shutDown("npm has ended");
  }, 250);
  poll.unref();
};

const explain = (error: unknown): string =>
  error instanceof StartRefused ? error.message : explainStartError(error);

/** Starts several processes. They form one sale only when the queue is in a store that they share. */
const startSeveral = async (instances: number, environment: Environment): Promise<Server> => {
  const { redisUrl, port, opsPort, host } = parseConfig(environment);
  if (redisUrl === null) {
    throw new StartRefused(
      `${instances} instances need Redis: without it the queue is in the memory of one process, and\n` +
        "each instance would have a queue of its own. Install redis-server, or set REDIS_URL to one,\n" +
        "or start without --instances.",
    );
  }
  const ports = { port, opsPort, host };
  const group = await startInstances({ count: instances, environment, ...ports, say: print });
  print(
    `Instances   ${instances}: processes ${group.pids().join(", ")}; a process that ends is started again`,
  );
  return group;
};

const main = async (): Promise<void> => {
  const read = readOptions(process.argv.slice(2));
  if ("usage" in read) {
    if (read.isFault) throw new StartRefused(read.usage);
    return print(read.usage);
  }
  const { instances } = read.options;
  enableCompileCache(join(root, "node_modules/.cache/frontrow/compiled")); // Halves the time to load the program.
  if (existsSync(join(root, ".env"))) process.loadEnvFile(join(root, ".env"));
  const given: Environment = { ...process.env };
  const [used, { start }] = await Promise.all([
    prepare(given, instances),
    import("../src/app/main.ts"),
    ensureWeb(root),
  ]);
  if (ending !== undefined) return;
  const server = await (instances === 1 ? start(used) : startSeveral(instances, used));
  closers.push(() => server.close());
  if (ending === undefined) await printSummary(server, given, used);
};

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => shutDown(signal));
}
watchNpm();
boot = main();
try {
  await boot;
} catch (error) {
  if (ending === undefined) {
    process.stderr.write(`\n${explain(error)}\n\n`);
    await closeAll();
    process.exit(1);
  }
}
