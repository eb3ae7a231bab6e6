import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { freshDatabase } from "#test/support/postgres.ts";
import { freshRedis } from "#test/support/redis.ts";
import { eventually, times } from "#test/support/concurrency.ts";
import { childrenOf } from "#test/support/processes.ts";

// `npm start -- --instances 3`, as it is started in production: with stores of its own elsewhere.

const program = fileURLToPath(new URL("../../scripts/start.ts", import.meta.url));
// Generous: three starts beside other tests on two cores.

const database = await freshDatabase();
const redis = await freshRedis();
const environment = {
  NODE_ENV: "production",
  USERS_BUILT_IN: "true",
  HOST: "127.0.0.1",
  PORT: "0",
  DATABASE_URL: database.url,
  REDIS_URL: redis.url,
  OPERATOR_KEY: randomBytes(24).toString("hex"),
  TOKEN_KEYS: `k1:${randomBytes(32).toString("hex")}`,
  TICKET_KEYS: `1:${randomBytes(32).toString("hex")}`,
  LOG_LEVEL: "warn",
};

interface Started {
  readonly child: ChildProcess;
  output(): string;
  readonly ended: Promise<number | null>;
}

const started: Started[] = [];
after(async () => {
  for (const { child } of started) child.kill("SIGKILL");
  await Promise.all(started.map(({ ended }) => ended));
  await Promise.all([database[Symbol.asyncDispose](), redis[Symbol.asyncDispose]()]);
});

const start = (words: readonly string[], env: Readonly<Record<string, string>>): Started => {
  const child = spawn(process.execPath, [program, ...words], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (piece: Buffer) => (printed += piece.toString("utf8")));
  const ended = new Promise<number | null>((resolve) => child.on("exit", (code) => resolve(code)));
  const one = { child, output: () => printed, ended };
  started.push(one);
  return one;
};

/**
 * Which process answered: each begins its requests' ids with letters of its own. Rejects when the
 * connection is refused or reset, or no answer comes.
 */
const whoAnswers = (url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const request = http.get(`${url}/healthz`, { agent: false, timeout: 30_000 }, (response) => {
      response.resume();
      resolve(String(response.headers["x-request-id"]).split("-")[0] ?? "");
    });
    request.on("timeout", () => request.destroy(new Error("no answer")));
    request.on("error", reject);
  });

const group = start(["--instances", "3"], environment);
const { value: url } = await eventually("the group serves", () => {
  if (group.child.exitCode !== null) throw new Error(group.output());
  return /^Ready\./m.test(group.output())
    ? /^Open +(http:\S+)/m.exec(group.output())?.[1]
    : undefined;
});
const instances = (): number[] => childrenOf(group.child.pid ?? 0);
const answering = async (): Promise<number> =>
  new Set(await Promise.all(times(60, () => whoAnswers(url)))).size;

test("three processes answer on one port", async () => {
  assert.equal(instances().length, 3);
  await eventually("all three answer", async () => (await answering()) === 3 || undefined);
  const ready = await fetch(`${url}/readyz`);
  assert.equal(ready.status, 200);
});

test("a killed process is started again, and meanwhile the others answer", async () => {
  const before = instances();
  const [victim] = before;
  process.kill(victim ?? 0, "SIGKILL");
  // Whose connection the dead one had not taken yet is told so at once, and comes again.
  const words = await Promise.all(times(60, () => whoAnswers(url).catch(String)));
  assert.ok(!words.some((word) => word.includes("no answer")), words.join());
  await eventually("three again", async () => (await answering()) === 3 || undefined);
  assert.match(
    group.output(),
    /Instance \d \(process \d+\) was ended by SIGKILL; .* again in 0\.5 s/,
  );
  assert.equal(instances().length, 3);
  assert.ok(!instances().includes(victim ?? 0));
});

test("in production the processes limit the wrong operator keys of one address together", async () => {
  const startedMs = performance.now();
  const guess = async (): Promise<number> => {
    const headers = { authorization: `Bearer ${randomBytes(24).toString("hex")}` };
    return (await fetch(`${url}/admin/v1/audit`, { headers })).status;
  };
  const statuses: number[] = [];
  // Connections of their own spread over the processes; each round ends before the next one.
  for (let round = 0; round < 10; round += 1)
    statuses.push(...(await Promise.all(times(10, guess))));
  const judged = statuses.filter((status) => status === 401).length;
  const refilled = Math.ceil((performance.now() - startedMs) / 6_000);
  assert.ok(judged >= 10 && judged <= 3 * 10 + refilled, `${judged} of ${statuses.length}`);
  assert.ok(statuses.every((status) => status === 401 || status === 429));
});

test("without Redis npm start refuses several instances, and says why", async () => {
  const refused = start(["--instances", "3"], { ...environment, REDIS_URL: "memory" });
  assert.equal(await refused.ended, 1);
  assert.match(refused.output(), /3 instances need Redis: .*memory of one process/);
});

test("wrong settings are reported once for all instances", async () => {
  const refused = start(["--instances", "3"], { ...environment, OPERATOR_KEY: "short" });
  assert.equal(await refused.ended, 1);
  assert.equal(refused.output().match(/OPERATOR_KEY must be/g)?.length, 1);
});

for (const name of ["PORT", "OPS_PORT"])
  test(`a ${name} that another process has is refused before an instance starts`, async (t) => {
    const stranger = http.createServer();
    t.after(() => stranger.close());
    await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
    const { port } = stranger.address() as AddressInfo;
    const refused = start(["--instances", "2"], { ...environment, [name]: String(port) });
    assert.equal(await refused.ended, 1);
    assert.match(refused.output(), new RegExp(`EADDRINUSE.*127\\.0\\.0\\.1:${port}`));
    assert.match(refused.output(), new RegExp(`^Set ${name} to a free port`, "m"));
    assert.doesNotMatch(refused.output(), /The server ended/);
  });

test("SIGTERM drains all processes: each request on its way is answered, and no process stays", async () => {
  const pids = instances();
  const asked = times(60, () =>
    whoAnswers(url).catch((error: NodeJS.ErrnoException) => error.code),
  );
  await Promise.all(asked.slice(0, 20));
  group.child.kill("SIGTERM");
  const words = await Promise.all(asked);
  assert.ok(!words.includes("ECONNRESET"), words.join());
  assert.equal(await group.ended, 0, group.output());
  for (const pid of pids) assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
});

test("when the parent is killed, no process stays", async () => {
  const other = start(["--instances", "2"], environment);
  await eventually("it serves", () => /^Ready\./m.test(other.output()) || undefined);
  const pids = childrenOf(other.child.pid ?? 0);
  assert.equal(pids.length, 2);
  other.child.kill("SIGKILL");
  await eventually("they end", () => pids.every((pid) => !isThere(pid)) || undefined);
});

const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
