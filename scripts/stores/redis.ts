import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { libraryFolders, unpackPackages } from "./packages.ts";
import {
  findOnPath,
  freePort,
  launch,
  dieWithParent,
  type Program,
  type Running,
} from "./process.ts";

/** A Redis program, and a text that says where it was found. */
export interface RedisProgram extends Program {
  readonly origin: string;
}

/** A Redis server that this process has started on a port of 127.0.0.1. */
export interface RunningRedis {
  readonly pid: number;
  readonly port: number;
  readonly url: string;
  readonly running: Running;
  /** Lets Redis save what its settings say, then ends it. */
  stop(): Promise<void>;
}

const isUsable = (program: Program): boolean => {
  const args = [...program.words.slice(1), "--version"];
  const result = spawnSync(program.words[0] ?? "", args, {
    encoding: "utf8",
    env: { ...process.env, ...program.environment },
  });
  return result.status === 0 && /^(Redis|Valkey) server v=([7-9]|\d\d)/.test(result.stdout);
};

/** redis-check-rdb, which redis-tools installs, is the server under another name: a link makes it one. */
const fromRedisTools = (checker: string, folder: string): string => {
  mkdirSync(folder, { recursive: true });
  const link = join(folder, "redis-server");
  if (!existsSync(link)) {
    try {
      symlinkSync(checker, link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
  return link;
};

/**
 * Finds a Redis 7 or later, or a Valkey, in this order:
 * 1. a program on PATH,
 * 2. the program of redis-tools, which has another name,
 * 3. Debian's packages, unpacked into `packagesFolder` without root (once, about 3 s).
 *
 * Returns null when there is none: then the queue is kept in memory, or the caller fails.
 */
export const findRedis = (packagesFolder: string): RedisProgram | null => {
  for (const name of ["redis-server", "valkey-server"]) {
    const path = findOnPath(name);
    const program = { words: [path ?? name], origin: path ?? name };
    if (path !== undefined && isUsable(program)) return program;
  }
  const checker = findOnPath("redis-check-rdb");
  if (checker !== undefined) {
    const path = fromRedisTools(checker, join(packagesFolder, "redis-tools"));
    const program = { words: [path], origin: `${path} (redis-tools)` };
    if (isUsable(program)) return program;
  }
  const folder = join(packagesFolder, `redis-${process.arch}`);
  if (!unpackPackages(["redis-tools"], folder)) return null;
  const path = fromRedisTools("redis-check-rdb", join(folder, "usr/bin"));
  const environment = { LD_LIBRARY_PATH: libraryFolders(folder) };
  const program = { words: [path], environment, origin: `${path} (unpacked Debian packages)` };
  return isUsable(program) ? program : null;
};

/** Writes the password into a settings file: every user of the machine can read a command line. */
const passwordFile = (folder: string, password: string): string => {
  const file = join(folder, "redis.conf");
  writeFileSync(file, `requirepass ${password}\n`, { mode: 0o600 });
  return file;
};

/**
 * Starts a Redis with its files in `folder`; with `appendonly` its data survives a restart. The kernel sends
 * it `lastSignal` when this process dies. Without `port` it gets a free one.
 */
export const startRedis = async (options: {
  program: RedisProgram;
  folder: string;
  port?: number;
  appendonly?: boolean;
  lastSignal?: "TERM" | "KILL";
  password?: string;
  /** Further settings, as words of the command line. */
  words?: readonly string[];
}): Promise<RunningRedis> => {
  const { program, folder, appendonly = false, lastSignal = "TERM", password } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const port = options.port ?? (await freePort());
  const words = [
    ...dieWithParent(lastSignal),
    ...program.words,
    ...(password === undefined ? [] : [passwordFile(folder, password)]),
    ...["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""],
    ...["--appendonly", appendonly ? "yes" : "no", "--daemonize", "no"],
    ...(options.words ?? []),
  ];
  const running = await launch({
    program: { ...program, words },
    logFile: join(folder, "log"),
    readyText: "Ready to accept connections",
  });
  const user = password === undefined ? "" : `:${password}@`;
  return {
    pid: running.pid,
    port,
    url: `redis://${user}127.0.0.1:${port}`,
    running,
    stop: () => running.end("SIGTERM", 10_000),
  };
};
