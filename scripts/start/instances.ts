import cluster, { type Worker as Child } from "node:cluster";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { Environment } from "../../src/app/config/readers.ts";
import { nodeArguments } from "./node-arguments.ts";
import { supervise, type Group, type Worker } from "./supervise.ts";

const howItEnded = (code: number | null, signal: string | null): string =>
  signal === null ? `ended with code ${code}` : `was ended by ${signal}`;

/** The address that an instance says on its standard output once it serves. */
const addressOf = async (child: Child, ended: Promise<string>): Promise<string> => {
  const { stdout } = child.process;
  if (stdout === null) throw new Error("an instance has no standard output");
  const said = (async () => {
    for await (const line of createInterface({ input: stdout }))
      if (line.startsWith('{"url"')) return (JSON.parse(line) as { url: string }).url;
    return new Promise<never>(() => {});
  })();
  const failed = ended.then((how): never => {
    throw new Error(`The server ${how} before it served; what it said is above.`);
  });
  const url = await Promise.race([said, failed]);
  // No process reads the output from now on, and it must not fill the pipe.
  stdout.resume();
  return url;
};

const launch = (environment: Environment): Worker => {
  const child = cluster.fork({ ...environment });
  const ended = once(child, "exit").then(([code, signal]) =>
    howItEnded(code as number | null, signal as string | null),
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

/** Whether the kernel deals new connections out to processes that listen on the same port. */
const kernelDeals = process.platform === "linux";

/** Throws when another process listens there: with shared ports, two groups could use it at once. */
const assertFree = async (port: number, host: string): Promise<void> => {
  if (port === 0) return;
  const probe = createServer();
  probe.listen({ port, host, exclusive: true });
  await once(probe, "listening");
  probe.close();
  await once(probe, "close");
};

/**
 * Starts so many server processes on one port. On Linux each of them listens by itself, so no connection
 * waits for a dead one; elsewhere this process takes the connections and hands them on. When this process
 * dies, the others end too. Throws when the port is taken.
 */
export const startInstances = async (options: {
  readonly count: number;
  readonly environment: Environment;
  readonly port: number;
  readonly host: string;
  readonly say: (line: string) => void;
}): Promise<Group> => {
  const { count, environment, port, host, say } = options;
  await assertFree(port, host);
  let shared: Environment = {};
  cluster.setupPrimary({
    exec: join(import.meta.dirname, "../../src/app/serve.ts"),
    execArgv: [...process.execArgv, ...nodeArguments],
    args: kernelDeals ? ["--share-port"] : [],
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  return supervise({
    count,
    // Two that look for a concert at the same time would both find none, and both put one on sale.
    launch: (isFirst) =>
      launch(isFirst ? environment : { ...environment, DEMO_SEED: "false", ...shared }),
    onFirst: (url) => {
      // The first may have taken any port; where this process listens, it knows which one.
      if (kernelDeals) shared = { PORT: new URL(url).port };
    },
    nowMs: () => performance.now(),
    pause: (ms) => sleep(ms, undefined, { ref: false }),
    say,
  });
};
