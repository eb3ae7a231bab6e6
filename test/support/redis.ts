import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { waitForExit } from "../../scripts/stores/process.ts";
import { startRedis, type RedisProgram } from "../../scripts/stores/redis.ts";

/** A Redis server of a test's own, to be killed, frozen and started again; the port stays. */
export interface FreshRedis {
  readonly url: string;
  readonly port: number;
  readonly dir: string;
  /** Of the running server; another one after `restart`. */
  readonly pid: number;
  /** kill -9, and waits until it is gone. */
  kill(): Promise<void>;
  /** Freezes it: connections stay, nothing answers. */
  stop(): void;
  /** Ends the freeze. */
  cont(): void;
  /** Ends it if it still runs (kill -9), and starts one on the same port and folder. */
  restart(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const required = (name: string): string => {
  const value = process.env[name] ?? "";
  if (value === "") {
    throw new Error("This test needs Redis: run it with `node scripts/test.ts <file>`.");
  }
  return value;
};

/** The Redis that all tests of a run share: use keys that no other test has. */
export const sharedRedisUrl = (): string => required("TEST_REDIS_URL");

/** Starts a redis-server, about 30 ms. Without `appendonly` it forgets everything when it ends. */
export const freshRedis = async (
  options: {
    appendonly?: boolean;
    dir?: string;
    port?: number;
    /** Further settings, as words of the command line. */
    words?: readonly string[];
  } = {},
): Promise<FreshRedis> => {
  const program = JSON.parse(required("TEST_REDIS_PROGRAM")) as RedisProgram;
  const dir = options.dir ?? mkdtempSync(join(required("TEST_FOLDER"), "redis-"));
  const appendonly = options.appendonly ?? false;
  const { words = [] } = options;
  const shared = { program, folder: dir, appendonly, lastSignal: "KILL", words } as const;
  let server = await startRedis({
    ...shared,
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  const { port, url } = server;
  const kill = async (): Promise<void> => {
    server.running.child.kill("SIGKILL");
    await waitForExit(server.running.child);
  };
  return {
    url,
    port,
    dir,
    get pid() {
      return server.pid;
    },
    kill,
    stop: () => void server.running.child.kill("SIGSTOP"),
    cont: () => void server.running.child.kill("SIGCONT"),
    restart: async () => {
      await kill();
      server = await startRedis({ ...shared, port });
    },
    [Symbol.asyncDispose]: async () => {
      await kill();
      if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
    },
  };
};
