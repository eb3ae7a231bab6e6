import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { libraryFolders, unpackPackages } from "./packages.ts";
import { unprivileged } from "./postgres.ts";
import { findOnPath, freePort, launch, type Program } from "./process.ts";

/** A PgBouncer that this process has started on a port of 127.0.0.1. */
export interface RunningPgbouncer extends AsyncDisposable {
  /** The URL of the same database through the pooler. */
  readonly url: string;
}

export type PoolMode = "session" | "transaction" | "statement";

/**
 * Finds PgBouncer on PATH, else unpacks Debian's package into `packagesFolder` without root (once). Returns
 * null when there is none.
 */
export const findPgbouncer = (packagesFolder: string): Program | null => {
  const path = findOnPath("pgbouncer");
  if (path !== undefined) return { words: [path] };
  const folder = join(packagesFolder, `pgbouncer-${process.arch}`);
  if (!unpackPackages(["pgbouncer"], folder)) return null;
  const environment = { LD_LIBRARY_PATH: libraryFolders(folder) };
  return { words: [join(folder, "usr/sbin/pgbouncer")], environment };
};

/**
 * Starts a PgBouncer with its files in `folder`, in front of the database of `databaseUrl`. It has at most
 * `connectionsMax` connections to the server.
 */
export const startPgbouncer = async (options: {
  readonly program: Program;
  readonly folder: string;
  readonly databaseUrl: string;
  readonly mode: PoolMode;
  readonly connectionsMax: number;
}): Promise<RunningPgbouncer> => {
  const { program, folder, databaseUrl, mode, connectionsMax } = options;
  const server = new URL(databaseUrl);
  const port = await freePort();
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "pgbouncer.ini");
  const users = join(folder, "users.txt");
  const database = server.pathname.slice(1);
  writeFileSync(users, `"${server.username}" "${server.password}"\n`);
  const settings = {
    listen_addr: "127.0.0.1",
    listen_port: port,
    unix_socket_dir: "",
    auth_type: "plain",
    auth_file: users,
    pool_mode: mode,
    default_pool_size: connectionsMax,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  writeFileSync(
    file,
    [
      "[databases]",
      `${database} = host=${server.hostname} port=${server.port}`,
      "[pgbouncer]",
      ...lines,
      "",
    ].join("\n"),
  );
  const running = await launch({
    program: {
      ...program,
      words: [...unprivileged(folder, "KILL"), ...program.words, file],
    },
    logFile: join(folder, "log"),
    readyText: "process up",
  });
  const url = new URL(databaseUrl);
  url.port = String(port);
  return { url: url.href, [Symbol.asyncDispose]: () => running.end("SIGKILL", 10_000) };
};
