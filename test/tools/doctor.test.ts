import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import type { Finding } from "../../tools/doctor/finding.ts";
import { formatFinding } from "../../tools/doctor/finding.ts";
import {
  checkClock,
  checkDisk,
  checkFiles,
  checkMemory,
  checkNode,
} from "../../tools/doctor/machine.ts";
import {
  checkPostgres,
  postgresUnreachable,
  type PostgresFacts,
} from "../../tools/doctor/postgres.ts";
import { checkRedis, redisUnreachable, type RedisFacts } from "../../tools/doctor/redis.ts";
import { inspectSettings } from "../../tools/doctor/settings.ts";
import { readMigrations } from "#platform/postgres/migrate.ts";

const worst = (findings: readonly Finding[]): string =>
  ["fault", "warning", "ok"].find((level) => findings.some((it) => it.level === level)) ?? "none";

/** Asserts that exactly one finding is no `ok`, with this level, this fact, and a fix. */
const only = (findings: readonly Finding[], level: "warning" | "fault", says: RegExp): void => {
  const bad = findings.filter((it) => it.level !== "ok");
  assert.deepEqual(
    bad.map((it) => it.level),
    [level],
    bad.map(formatFinding).join("\n"),
  );
  assert.match(bad[0]?.fact ?? "", says);
  assert.ok((bad[0]?.fix ?? "").length > 10);
};

const applied = new Map(readMigrations().map(({ name, checksum }) => [name, checksum]));
const healthy: PostgresFacts = {
  address: "db:5432/sale",
  versionNumber: 180_004,
  encoding: "UTF8",
  isReadOnly: false,
  connectionsMax: 100,
  connectionsReserved: 3,
  connectionsOfOthers: 2,
  fsync: true,
  fullPageWrites: true,
  synchronousCommit: "on",
  applied,
  mayCreate: true,
  isPooled: false,
  skewMs: 3,
};
const postgres = (facts: Partial<PostgresFacts>, instances = 1): Finding[] =>
  checkPostgres({ ...healthy, ...facts }, instances, 20);

test("a healthy PostgreSQL has only ok findings", () => {
  assert.equal(worst(postgres({})), "ok");
  assert.equal(worst(postgres({ synchronousCommit: "remote_apply" })), "ok");
  assert.equal(worst(postgres({ applied: null })), "ok");
});

const [firstName = ""] = applied.keys();
const postgresFaults: [
  title: string,
  facts: Partial<PostgresFacts>,
  level: "warning" | "fault",
  says: RegExp,
][] = [
  ["an old version", { versionNumber: 140_012 }, "fault", /PostgreSQL 14\.12/],
  ["another encoding", { encoding: "SQL_ASCII" }, "fault", /SQL_ASCII/],
  ["a standby", { isReadOnly: true }, "fault", /standby/],
  ["fsync off", { fsync: false }, "fault", /fsync is off/],
  ["full_page_writes off", { fullPageWrites: false }, "fault", /full_page_writes is off/],
  ["synchronous_commit off", { synchronousCommit: "off" }, "fault", /synchronous_commit/],
  ["too few connections", { connectionsMax: 24 }, "fault", /only 19 are free/],
  ["no room for a rolling upgrade", { connectionsMax: 40 }, "warning", /one more instance/],
  ["connections of other programs", { connectionsOfOthers: 90 }, "fault", /only 7 are free/],
  ["an older schema", { applied: new Map() }, "warning", /migrations are not applied/],
  [
    "an older schema that the role may not change",
    { applied: new Map(), mayCreate: false },
    "fault",
    /migrations are not applied/,
  ],
  ["a pooler in front", { isPooled: true }, "warning", /20 clients of the pooler/],
  [
    "a newer schema",
    { applied: new Map([...applied, ["9999_later.sql", "x"]]) },
    "warning",
    /later release: 9999_later\.sql/,
  ],
  [
    "an edited migration",
    { applied: new Map([...applied, [firstName, "another"]]) },
    "fault",
    /was edited/,
  ],
];
for (const [title, facts, level, says] of postgresFaults) {
  test(`PostgreSQL: ${title} is a ${level}`, () => only(postgres(facts), level, says));
}

test("PostgreSQL: connections are counted for all instances", () => {
  assert.equal(worst(postgres({}, 3)), "ok");
  only(postgres({}, 4), "warning", /4 × PG_CONNECTIONS 20 = 80/);
  only(postgres({}, 5), "fault", /100 of 100 connections, but only 95/);
});

const healthyRedis: RedisFacts = {
  address: "cache:6379",
  program: "Redis",
  version: "7.0.15",
  isPrimary: true,
  isCluster: false,
  isLoading: false,
  usedBytes: 50 << 20,
  memoryMaxBytes: 0,
  policy: "noeviction",
  appendOnly: true,
  lastWriteFailed: false,
  skewMs: 0,
};
const memoryMaxBytes = 100 << 20;
const redisFaults: [
  title: string,
  facts: Partial<RedisFacts>,
  level: "warning" | "fault",
  says: RegExp,
][] = [
  ["an old version", { version: "6.2.1" }, "fault", /Redis 6\.2\.1/],
  ["a replica", { isPrimary: false }, "fault", /replica/],
  ["a node in cluster mode", { isCluster: true }, "fault", /cluster/],
  ["a policy that deletes places", { policy: "allkeys-lru" }, "fault", /allkeys-lru/],
  ["a policy that deletes locks", { policy: "volatile-ttl" }, "warning", /volatile-ttl/],
  ["a server that is starting", { isLoading: true }, "warning", /loading/],
  ["nearly full memory", { memoryMaxBytes, usedBytes: 90 << 20 }, "warning", /90 MB of 100 MB/],
  ["no append-only file", { appendOnly: false }, "warning", /appendonly no/],
  ["a failed write to disk", { lastWriteFailed: true }, "fault", /write to disk failed/],
];
for (const [title, facts, level, says] of redisFaults) {
  test(`Redis: ${title} is a ${level}`, () =>
    only(checkRedis({ ...healthyRedis, ...facts }), level, says));
}

test("a healthy Redis or Valkey has only ok findings", () => {
  assert.equal(worst(checkRedis(healthyRedis)), "ok");
  assert.equal(worst(checkRedis({ ...healthyRedis, program: "Valkey", version: "8.1.0" })), "ok");
  assert.equal(worst(checkRedis({ ...healthyRedis, memoryMaxBytes })), "ok");
});

const limits: [title: string, finding: Finding, level: Finding["level"]][] = [
  ["Node 24", checkNode("v24.4.0"), "ok"],
  ["Node 22", checkNode("v22.20.0"), "fault"],
  ["20,000 files", checkFiles(20_000), "ok"],
  ["4,096 files", checkFiles(4_096), "warning"],
  ["256 files", checkFiles(256), "fault"],
  ["no limit of files", checkFiles(null), "ok"],
  ["10 GB of disk", checkDisk("/x", 10 * 2 ** 30), "ok"],
  ["500 MB of disk", checkDisk("/x", 500 * 2 ** 20), "warning"],
  ["50 MB of disk", checkDisk("/x", 50 * 2 ** 20), "fault"],
  ["4 GB of memory for 3", checkMemory(4 * 2 ** 30, 3), "ok"],
  ["400 MB of memory for 3", checkMemory(400 * 2 ** 20, 3), "warning"],
  ["a clock 20 ms ahead", checkClock("Redis", 20), "ok"],
  ["a clock 300 ms behind", checkClock("Redis", -300), "warning"],
  ["a clock 5 s behind", checkClock("Redis", -5000), "fault"],
];
for (const [title, finding, level] of limits) {
  test(`${title}: ${level}`, () => {
    assert.equal(finding.level, level);
    assert.equal(finding.fix === undefined, level === "ok");
  });
}

const environment = {
  DATABASE_URL: "postgres://me:hidden-word@db/sale",
  REDIS_URL: "redis://:other-hidden-word@cache",
  OPERATOR_KEY: randomBytes(24).toString("hex"),
  TOKEN_KEYS: `k1:${randomBytes(32).toString("hex")}`,
  TICKET_KEYS: `1:${randomBytes(32).toString("hex")}`,
};

test("own secrets are ok; demo secrets and invented ones are warnings", () => {
  assert.equal(worst(inspectSettings(environment).findings), "ok");
  const invented = `k1:${"ab".repeat(32)}`;
  only(
    inspectSettings({ ...environment, TOKEN_KEYS: invented }).findings,
    "warning",
    /looks invented/,
  );
  const demo = "demo-operator-key-for-this-machine-only";
  only(inspectSettings({ ...environment, OPERATOR_KEY: demo }).findings, "warning", /the demo key/);
  only(inspectSettings({ ...environment, REDIS_URL: "memory" }).findings, "warning", /in memory/);
});

test("each invalid setting is a fault", () => {
  const { config, findings } = inspectSettings({
    ...environment,
    PORT: "x",
    OPERATOR_KEY: "short",
  });
  assert.equal(config, null);
  assert.deepEqual(
    findings.map((it) => it.level),
    ["fault", "fault"],
  );
});

test("production has more findings about its settings", () => {
  const real = { ...environment, NODE_ENV: "production", USERS_BUILT_IN: "true" };
  const said = inspectSettings(real).findings.map(formatFinding).join("\n");
  for (const word of [/PUBLIC_URL/, /USERS_BUILT_IN/, /HOST/]) assert.match(said, word);
  const weak = inspectSettings({ ...real, TOKEN_KEYS: `k1:${"ab".repeat(32)}` });
  assert.equal(worst(weak.findings), "fault");
});

test("no finding contains a secret", () => {
  const secrets = ["hidden-word", environment.OPERATOR_KEY, environment.TOKEN_KEYS.slice(3)];
  const said = [
    ...inspectSettings(environment).findings,
    ...inspectSettings({ ...environment, DATABASE_URL: "postgres://hidden-word" }).findings,
    postgresUnreachable(environment.DATABASE_URL, new Error("timeout")),
    redisUnreachable(environment.REDIS_URL, new Error("timeout")),
  ].map(formatFinding);
  for (const secret of secrets) for (const line of said) assert.ok(!line.includes(secret), line);
});
