import { createClient } from "redis";
import { reasonOf } from "../../src/platform/reason.ts";
import {
  doubtAbout,
  fieldsOf,
  objectionsTo,
  readServerFacts,
  type ServerFacts,
} from "../../src/platform/redis/server-facts.ts";
import { fault, ok, warning, type Finding } from "./finding.ts";

/** The facts that INFO and TIME report; they need no right to read the settings. */
export interface RedisFacts extends Omit<ServerFacts, "runId"> {
  readonly address: string;
  readonly program: string;
  readonly version: string;
  readonly usedBytes: number;
  /** 0 means no limit. */
  readonly memoryMaxBytes: number;
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

/** Reads the facts. Throws as the driver does, or after 3 s. */
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
    const facts = fieldsOf(text);
    const askedMs = Date.now();
    const [seconds, micros] = await client.sendCommand<[string, string]>(["TIME"]);
    const middleMs = (askedMs + Date.now()) / 2;
    return {
      ...readServerFacts(facts),
      address: addressOf(url),
      program: facts.get("server_name") === "valkey" ? "Valkey" : "Redis",
      version: facts.get("valkey_version") ?? facts.get("redis_version") ?? "0",
      usedBytes: Number(facts.get("used_memory") ?? 0),
      memoryMaxBytes: Number(facts.get("maxmemory") ?? 0),
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

const checkMemory = ({ usedBytes, memoryMaxBytes }: RedisFacts): Finding => {
  if (memoryMaxBytes === 0) return ok(`${megabytes(usedBytes)} in use, no limit set`);
  const fact = `${megabytes(usedBytes)} of ${megabytes(memoryMaxBytes)} in use`;
  return usedBytes > memoryMaxBytes * 0.8
    ? warning(fact, "Raise maxmemory: when Redis is full, no user can join a queue.")
    : ok(fact);
};

const sentence = (clause: string): string => `${clause[0]?.toUpperCase()}${clause.slice(1)}.`;

/** Checks the facts. */
export const checkRedis = (facts: RedisFacts): Finding[] => {
  const { program, version, address } = facts;
  const fact = `${program} ${version} at ${address}`;
  const doubt = doubtAbout(facts);
  return [
    Number(version.split(".")[0]) < versionMin
      ? fault(fact, "Frontrow needs 7 or later.")
      : ok(fact),
    ...objectionsTo(facts).map(({ fact: found, fix }) => fault(found, sentence(fix))),
    ...(doubt === null ? [] : [warning(doubt.fact, sentence(doubt.fix))]),
    ...(facts.isLoading ? [warning("it is loading its data", "Wait until it has.")] : []),
    checkMemory(facts),
    facts.appendOnly
      ? ok("appendonly yes: a queue survives a restart of Redis")
      : warning(
          "appendonly no",
          "Set appendonly to yes: without it a restart empties every queue, and only tokens restore places.",
        ),
    ...(facts.lastWriteFailed
      ? [fault("its last write to disk failed", "Check its disk and its log.")]
      : []),
  ];
};

/** The finding when Redis cannot be reached. */
export const redisUnreachable = (url: string, error: unknown): Finding =>
  fault(
    `Redis at ${addressOf(url)} cannot be reached: ${reasonOf(error)}`,
    "Start it, or correct REDIS_URL. Until then no user can join a queue.",
  );
