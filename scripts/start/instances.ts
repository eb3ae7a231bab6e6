import cluster, { type Worker as Child } from "node:cluster";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { Environment } from "../../src/app/config/readers.ts";
import { nodeArguments } from "./node-arguments.ts";
import { supervise, type Group, type Worker } from "./supervise.ts";

const describeExit = (code: number | null, signal: string | null): string =>
  signal === null ? `ended with code ${code}` : `was ended by ${signal}`;

/** Returns the address that an instance prints on its standard output once it serves. */
const addressOf = async (child: Child, ended: Promise<string>): Promise<string> => {
  const { stdout } = child.process;
  if (stdout === null) throw new Error("an instance has no standard output");
  const printed = (async () => {
    for await (const line of createInterface({ input: stdout }))
      if (line.startsWith('{"url"')) return (JSON.parse(line) as { url: string }).url;
    return new Promise<never>(() => {});
  })();
  const failed = ended.then((how): never => {
    throw new Error(`The server ${how} before it served; its output is above.`);
  });
  const url = await Promise.race([printed, failed]);
  // No process reads the output from now on, and it must not fill the pipe.
  stdout.resume();
  return url;
};

const launch = (environment: Environment): Worker => {
  const child = cluster.fork({ ...environment });
  const ended = once(child, "exit").then(([code, signal]) =>
    describeExit(code as number | null, signal as string | null),
  );
  const ready = addressOf(child, ended);
  ready.catch(() => undefined);
  return {
    pid: child.process.pid ?? 0,
    ready,
    ended,
    drain: () => void child.process.kill("SIGTERM"),
  };
};

/** Whether the kernel distributes connections among processes that listen on one port (SO_REUSEPORT). */
const hasReusePort = process.platform === "linux";

/** Throws when another process listens there: with shared ports, two groups could use it at once. */
const assertFree = async (port: number | null, host: string): Promise<void> => {
  if (port === null || port === 0) return;
  const probe = createServer();
  probe.listen({ port, host, exclusive: true });
  await once(probe, "listening");
  probe.close();
  await once(probe, "close");
};

/**
 * Starts `count` server processes on one port. On Linux each process listens by itself, so no connection
 * waits for a dead process; elsewhere this process accepts the connections and passes them on. When this
 * process dies, the others end too. Throws when a port is in use.
 */
export const startInstances = async (options: {
  readonly count: number;
  readonly environment: Environment;
  readonly port: number;
  /** The port of the listeners for operators; null: they have none of their own. */
  readonly opsPort: number | null;
  readonly host: string;
  readonly say: (line: string) => void;
}): Promise<Group> => {
  const { count, environment, port, opsPort, host, say } = options;
  for (const one of [port, opsPort]) await assertFree(one, host);
  let shared: Environment = {};
  cluster.setupPrimary({
    exec: join(import.meta.dirname, "../../src/app/serve.ts"),
    execArgv: [...process.execArgv, ...nodeArguments],
    args: hasReusePort ? ["--share-port"] : [],
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  return supervise({
    count,
    // Only the first one seeds: two that find no concert at the same time would both create one.
    launch: (isFirst) =>
      launch(isFirst ? environment : { ...environment, DEMO_SEED: "false", ...shared }),
    onFirst: (url) => {
      // PORT may be 0. Where each process listens by itself, the others must use the same port.
      if (hasReusePort) shared = { PORT: new URL(url).port };
    },
    nowMs: () => performance.now(),
    pause: (ms) => sleep(ms, undefined, { ref: false }),
    say,
  });
};
