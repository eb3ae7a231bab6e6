import { existsSync, mkdirSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { join, relative, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseConfig } from "../src/app/config.ts";
import type { Environment } from "../src/app/config/readers.ts";
import { explainStartError } from "../src/app/start-error.ts";
import {
  demoSecrets,
  ownPostgres,
  ownRedis,
  writeInstanceFile,
  type Store,
} from "./start/house.ts";
import { startInstances } from "./start/instances.ts";
import { readOptions } from "./start/options.ts";
import { claim, release } from "./stores/owner.ts";
import { ensureWeb } from "./web/ensure.ts";

// `npm start`. With DATABASE_URL and REDIS_URL it starts one server against them, as production and
// further instances do. Otherwise it first starts the stores that are missing, with data, demo
// secrets and a demo sale in DATA_DIR. With `--instances 3` it is three processes on one port. A signal drains the server, then stops what was started here.

interface Server {
  readonly url: string;
  close(): Promise<void>;
}

const root = join(import.meta.dirname, "..");
// Beyond what the server allows itself: then its stores go although it hangs.
const drainPatienceMs = 320_000;
const closers: (() => Promise<void> | void)[] = [];
const say = (line = ""): void => void process.stdout.write(`${line}\n`);
const isSet = (environment: Environment, name: string): boolean => (environment[name] ?? "") !== "";

class Refusal extends Error {}

/** Makes DATA_DIR ours until we end; refuses when a running process has it. */
const occupy = (dataDir: string): void => {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const ownerFile = join(dataDir, "owner");
  const owner = claim(ownerFile);
  if (owner !== null) {
    const file = relative(process.cwd(), join(dataDir, "instance.env"));
    throw new Refusal(
      `Frontrow already runs from ${dataDir}: process ${owner}. Nothing was started or stopped.\n` +
        "End that one first (Ctrl-C where it runs), or set DATA_DIR to another folder, or add an\n" +
        `instance on its stores:  (set -a; . ${file}; PORT=3001 npm start)`,
    );
  }
  closers.push(() => release(ownerFile));
};

/** The store that has started. It ends with this process, also when the other store failed. */
const kept = async (starting: Promise<Store | null> | null): Promise<Store | null> => {
  const store = await starting;
  if (store !== null) closers.push(() => store.stop());
  return store;
};

const startStores = async (
  given: Environment,
  dataDir: string,
  instances: number,
): Promise<{ postgres: Store | null; redis: Store | null }> => {
  const [postgres, redis] = await Promise.allSettled([
    kept(isSet(given, "DATABASE_URL") ? null : ownPostgres(dataDir, instances)),
    kept(isSet(given, "REDIS_URL") ? null : ownRedis(dataDir)),
  ]);
  if (postgres.status === "rejected") throw postgres.reason;
  if (redis.status === "rejected") throw redis.reason;
  return { postgres: postgres.value, redis: redis.value };
};

/** Starts what DATABASE_URL and REDIS_URL do not name, and completes the environment with it. */
const furnish = async (given: Environment, instances: number): Promise<Environment> => {
  const dataDir = resolve(root, given["DATA_DIR"] || ".data");
  occupy(dataDir);
  const { postgres, redis } = await startStores(given, dataDir, instances);
  const furnished: Environment = {
    ...demoSecrets(dataDir),
    // Only in a database of our own.
    DEMO_SEED: String(postgres !== null),
    DATABASE_URL: postgres?.url,
    REDIS_URL: redis?.url ?? "memory",
    ...withoutEmpty(given),
  };
  say(`Stores      ${postgres?.says ?? "PostgreSQL at DATABASE_URL"}`);
  say(`            ${redis?.says ?? queueWithoutRedis(given)}`);
  const file = writeInstanceFile(dataDir, furnished);
  say(`            for another instance: ${relative(process.cwd(), file)}`);
  return furnished;
};

const withoutEmpty = (environment: Environment): Environment =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => (value ?? "") !== ""));

const queueWithoutRedis = (given: Environment): string =>
  isSet(given, "REDIS_URL") && !(given["REDIS_URL"] ?? "").startsWith("memory")
    ? "Redis at REDIS_URL"
    : "NO REDIS: THE LINE LIVES IN MEMORY. One process only; a restart empties the queue.";

const prepare = async (given: Environment, instances: number): Promise<Environment> => {
  const complete = isSet(given, "DATABASE_URL") && isSet(given, "REDIS_URL");
  // Production never gets stores or secrets by itself: the server names what is missing, and ends.
  return complete || given["NODE_ENV"] === "production" ? given : furnish(given, instances);
};

/** The id of the first concert, for the reader to paste; a hint, so trouble is no fault. */
const firstConcert = async (url: string): Promise<string> => {
  try {
    const answer = await fetch(`${url}/api/v1/concerts`, { signal: AbortSignal.timeout(2_000) });
    return /"concertId":"([^"]+)"/.exec(await answer.text())?.[1] ?? "none yet";
  } catch {
    return "not known yet";
  }
};

const introduce = async (server: Server, given: Environment, used: Environment): Promise<void> => {
  say(`Open        ${server.url}   and, for the operator, ${server.url}/console`);
  say(`API         ${server.url}/docs  and  ${server.url}/openapi.json`);
  if (used !== given) {
    const own = isSet(given, "OPERATOR_KEY");
    say(`Operator    ${own ? "the key in OPERATOR_KEY" : `${used["OPERATOR_KEY"]}  (demo)`}`);
    say(`Concert     ${await firstConcert(server.url)}`);
  }
  say("Ready. Ctrl-C drains the server and ends everything that was started here.");
};

let boot: Promise<void> = Promise.resolve();
let ending: Promise<void> | undefined;

const closeAll = async (): Promise<boolean> => {
  let clean = true;
  // Last in, first out: the server drains before its stores go.
  for (const close of closers.toReversed()) {
    try {
      await Promise.race([close(), sleep(drainPatienceMs, undefined, { ref: false })]);
    } catch (error) {
      clean = false;
      say(`While ending: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return clean;
};

/** Ends everything, once; a terminal and npm both send SIGINT, so a second one changes nothing. */
const finish = (why: string): void => {
  ending ??= (async () => {
    say(`\n${why}: draining …`);
    await boot.catch(() => undefined);
    const clean = await closeAll();
    say("Ended.");
    process.exit(clean ? 0 : 1);
  })();
};

/** npm does not always pass a signal on, and may be killed: then its number is no longer our parent's. */
const watchNpm = (): void => {
  if (process.env["npm_lifecycle_event"] === undefined) return;
  const parent = process.ppid;
  const poll = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(poll);
    finish("npm is gone");
  }, 250);
  poll.unref();
};

const explain = (error: unknown): string =>
  error instanceof Refusal ? error.message : explainStartError(error);

/** Several processes, which only work as one sale when the queue is in a store that all of them see. */
const startSeveral = async (instances: number, environment: Environment): Promise<Server> => {
  const { redisUrl, port, host } = parseConfig(environment);
  if (redisUrl === null) {
    throw new Refusal(
      `${instances} instances need Redis: without it the queue lives in the memory of one process, and\n` +
        "each of them would have a line of its own. Install redis-server, or set REDIS_URL to one,\n" +
        "or start without --instances.",
    );
  }
  const group = await startInstances({ count: instances, environment, port, host, say });
  say(
    `Instances   ${instances}: processes ${group.pids().join(", ")}; one that ends is started again`,
  );
  return group;
};

const main = async (): Promise<void> => {
  const read = readOptions(process.argv.slice(2));
  if ("usage" in read) {
    if (read.isFault) throw new Refusal(read.usage);
    return say(read.usage);
  }
  const { instances } = read.options;
  enableCompileCache(join(root, "node_modules/.cache/frontrow/compiled")); // Halves the loading.
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
  if (ending === undefined) await introduce(server, given, used);
};

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => finish(signal));
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
