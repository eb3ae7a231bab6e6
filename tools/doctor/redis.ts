import { createClient } from "redis";
import { reasonOf } from "../../src/platform/postgres/wait-for-database.ts";
import { fault, ok, warning, type Finding } from "./finding.ts";

/** The facts that Redis tells about itself, without the right to read its settings. */
export interface RedisFacts {
  readonly address: string;
  readonly program: string;
  readonly version: string;
  readonly isPrimary: boolean;
  readonly isCluster: boolean;
  readonly usedBytes: number;
  /** 0: no bound. */
  readonly memoryMaxBytes: number;
  readonly policy: string;
  readonly appendOnly: boolean;
  readonly lastWriteFailed: boolean;
  readonly skewMs: number;
}

const versionMin = 7;
const timeoutMs = 3_000;

const addressOf = (url: string): string => {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || 6379}`;
};

const late = (): Promise<never> =>
  new Promise((_, reject) => {
    setTimeout(() => reject(new Error("timeout")), timeoutMs).unref();
  });

/** Asks Redis; throws as its driver does, or after 3 s. */
export const readRedis = async (url: string): Promise<RedisFacts> => {
  const client = createClient({
    url,
    RESP: 2,
    socket: { connectTimeout: timeoutMs, reconnectStrategy: false },
  });
  client.on("error", () => undefined);
  try {
    await Promise.race([client.connect(), late()]);
    const text = await Promise.race([client.sendCommand<string>(["INFO"]), late()]);
    const lines = text.split(/\r?\n/).map((line) => line.split(":", 2) as [string, string]);
    const facts = new Map(lines);
    const askedMs = Date.now();
    const [seconds, micros] = await client.sendCommand<[string, string]>(["TIME"]);
    const middleMs = (askedMs + Date.now()) / 2;
    return {
      address: addressOf(url),
      program: facts.get("server_name") === "valkey" ? "Valkey" : "Redis",
      version: facts.get("valkey_version") ?? facts.get("redis_version") ?? "0",
      isPrimary: facts.get("role") === "master",
      isCluster: facts.get("cluster_enabled") === "1",
      usedBytes: Number(facts.get("used_memory") ?? 0),
      memoryMaxBytes: Number(facts.get("maxmemory") ?? 0),
      policy: facts.get("maxmemory_policy") ?? "noeviction",
      appendOnly: facts.get("aof_enabled") === "1",
      lastWriteFailed:
        facts.get("aof_last_write_status") === "err" ||
        facts.get("rdb_last_bgsave_status") === "err",
      skewMs: Number(seconds) * 1000 + Number(micros) / 1000 - middleMs,
    };
  } finally {
    client.destroy();
  }
};

const megabytes = (bytes: number): string => `${Math.round(bytes / (1 << 20))} MB`;

const judgeMemory = ({ usedBytes, memoryMaxBytes, policy }: RedisFacts): Finding => {
  if (memoryMaxBytes === 0) return ok(`${megabytes(usedBytes)} in use, no bound set`);
  const what = `${megabytes(usedBytes)} of ${megabytes(memoryMaxBytes)} in use`;
  if (policy !== "noeviction") {
    return fault(
      `${what}, maxmemory-policy ${policy}`,
      "Set maxmemory-policy to noeviction: when it is full, people would vanish from the queue.",
    );
  }
  return usedBytes > memoryMaxBytes * 0.8
    ? warning(what, "Raise maxmemory: when it is full, no user can join a queue.")
    : ok(what);
};

/** Judges the facts. */
export const judgeRedis = (facts: RedisFacts): Finding[] => {
  const { program, version, address } = facts;
  const what = `${program} ${version} at ${address}`;
  return [
    Number(version.split(".")[0]) < versionMin
      ? fault(what, "Frontrow needs 7 or later.")
      : ok(what),
    ...(facts.isPrimary ? [] : [fault("it is a replica", "Let REDIS_URL name the primary.")]),
    ...(facts.isCluster
      ? [
          warning(
            "it is a cluster's node",
            "Use a Redis of one primary: a queue is on one node anyway.",
          ),
        ]
      : []),
    judgeMemory(facts),
    facts.appendOnly
      ? ok("appendonly yes: a queue outlives a restart of Redis")
      : warning(
          "appendonly no",
          "Set appendonly to yes: without it a restart empties every queue, and people come back by their tokens only.",
        ),
    ...(facts.lastWriteFailed
      ? [fault("its last write to disk failed", "Look at its disk and its log.")]
      : []),
  ];
};

/** When it could not be asked. */
export const redisAway = (url: string, error: unknown): Finding =>
  fault(
    `Redis at ${addressOf(url)} cannot be reached: ${reasonOf(error)}`,
    "Start it, or let REDIS_URL say where it is. Until then no user can join a queue.",
  );
