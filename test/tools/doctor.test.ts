import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import type { Finding } from "../../tools/doctor/finding.ts";
import { linesOf } from "../../tools/doctor/finding.ts";
import {
  judgeClock,
  judgeDisk,
  judgeFiles,
  judgeMemory,
  judgeNode,
} from "../../tools/doctor/machine.ts";
import { judgePostgres, postgresAway, type PostgresFacts } from "../../tools/doctor/postgres.ts";
import { judgeRedis, redisAway, type RedisFacts } from "../../tools/doctor/redis.ts";
import { examineSettings } from "../../tools/doctor/settings.ts";
import { readMigrations } from "#platform/postgres/migrate.ts";

const worst = (findings: readonly Finding[]): string =>
  ["fault", "warning", "ok"].find((level) => findings.some((it) => it.level === level)) ?? "none";

/** Exactly one finding is of this level, it says this, and it says what to mend. */
const only = (findings: readonly Finding[], level: "warning" | "fault", says: RegExp): void => {
  const bad = findings.filter((it) => it.level !== "ok");
  assert.deepEqual(
    bad.map((it) => it.level),
    [level],
    bad.map(linesOf).join("\n"),
  );
  assert.match(bad[0]?.what ?? "", says);
  assert.ok((bad[0]?.mend ?? "").length > 10);
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
  skewMs: 3,
};
const postgres = (facts: Partial<PostgresFacts>, instances = 1): Finding[] =>
  judgePostgres({ ...healthy, ...facts }, instances, 20);

test("a PostgreSQL that is well has nothing to mend", () => {
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
  ["a standby", { isReadOnly: true }, "fault", /no changes/],
  ["fsync off", { fsync: false }, "fault", /fsync is off/],
  ["torn pages", { fullPageWrites: false }, "fault", /full_page_writes is off/],
  ["commits that are not on disk", { synchronousCommit: "off" }, "fault", /synchronous_commit/],
  ["too few connections", { connectionsMax: 24 }, "fault", /only 19 are left/],
  ["no room for a rolling upgrade", { connectionsMax: 40 }, "warning", /one more instance/],
  ["others that hold them", { connectionsOfOthers: 90 }, "fault", /only 7 are left/],
  ["a schema of yesterday", { applied: new Map() }, "warning", /migrations are not applied/],
  [
    "a schema of tomorrow",
    { applied: new Map([...applied, ["9999_later.sql", "x"]]) },
    "warning",
    /later release's: 9999_later\.sql/,
  ],
  [
    "a migration that was edited",
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

const wellRedis: RedisFacts = {
  address: "cache:6379",
  program: "Redis",
  version: "7.0.15",
  isPrimary: true,
  isCluster: false,
  usedBytes: 50 << 20,
  memoryMaxBytes: 0,
  policy: "allkeys-lru",
  appendOnly: true,
  lastWriteFailed: false,
  skewMs: 0,
};
const bound = 100 << 20;
const redisFaults: [
  title: string,
  facts: Partial<RedisFacts>,
  level: "warning" | "fault",
  says: RegExp,
][] = [
  ["an old version", { version: "6.2.1" }, "fault", /Redis 6\.2\.1/],
  ["a replica", { isPrimary: false }, "fault", /replica/],
  ["a node of a cluster", { isCluster: true }, "warning", /cluster/],
  ["one that drops keys", { memoryMaxBytes: bound }, "fault", /allkeys-lru/],
  [
    "one that is nearly full",
    { memoryMaxBytes: bound, policy: "noeviction", usedBytes: 90 << 20 },
    "warning",
    /90 MB of 100 MB/,
  ],
  ["one that forgets", { appendOnly: false }, "warning", /appendonly no/],
  ["one that cannot write", { lastWriteFailed: true }, "fault", /write to disk failed/],
];
for (const [title, facts, level, says] of redisFaults) {
  test(`Redis: ${title} is a ${level}`, () =>
    only(judgeRedis({ ...wellRedis, ...facts }), level, says));
}

test("a Redis, or a Valkey, that is well has nothing to mend", () => {
  assert.equal(worst(judgeRedis(wellRedis)), "ok");
  assert.equal(worst(judgeRedis({ ...wellRedis, program: "Valkey", version: "8.1.0" })), "ok");
  const bounded = { memoryMaxBytes: bound, policy: "noeviction" };
  assert.equal(worst(judgeRedis({ ...wellRedis, ...bounded })), "ok");
});

const limits: [title: string, finding: Finding, level: Finding["level"]][] = [
  ["Node 24", judgeNode("v24.4.0"), "ok"],
  ["Node 22", judgeNode("v22.20.0"), "fault"],
  ["20,000 files", judgeFiles(20_000), "ok"],
  ["4,096 files", judgeFiles(4_096), "warning"],
  ["256 files", judgeFiles(256), "fault"],
  ["no limit of files", judgeFiles(null), "ok"],
  ["10 GB of disk", judgeDisk("/x", 10 * 2 ** 30), "ok"],
  ["500 MB of disk", judgeDisk("/x", 500 * 2 ** 20), "warning"],
  ["50 MB of disk", judgeDisk("/x", 50 * 2 ** 20), "fault"],
  ["4 GB of memory for 3", judgeMemory(4 * 2 ** 30, 3), "ok"],
  ["400 MB of memory for 3", judgeMemory(400 * 2 ** 20, 3), "warning"],
  ["a clock 20 ms ahead", judgeClock("Redis", 20), "ok"],
  ["a clock 300 ms behind", judgeClock("Redis", -300), "warning"],
  ["a clock 5 s behind", judgeClock("Redis", -5000), "fault"],
];
for (const [title, finding, level] of limits) {
  test(`${title}: ${level}`, () => {
    assert.equal(finding.level, level);
    assert.equal(finding.mend === undefined, level === "ok");
  });
}

const environment = {
  DATABASE_URL: "postgres://me:hidden-word@db/sale",
  REDIS_URL: "redis://:other-hidden-word@cache",
  OPERATOR_KEY: randomBytes(24).toString("hex"),
  TOKEN_KEYS: `k1:${randomBytes(32).toString("hex")}`,
};

test("settings of one's own are well, those of the demo and made-up ones are told", () => {
  assert.equal(worst(examineSettings(environment).findings), "ok");
  const madeUp = `k1:${"ab".repeat(32)}`;
  only(examineSettings({ ...environment, TOKEN_KEYS: madeUp }).findings, "warning", /made up/);
  const demo = "demo-operator-key-for-this-machine-only";
  only(examineSettings({ ...environment, OPERATOR_KEY: demo }).findings, "warning", /the demo's/);
  only(examineSettings({ ...environment, REDIS_URL: "memory" }).findings, "warning", /in memory/);
});

test("settings that make no configuration are faults, each one told", () => {
  const { config, findings } = examineSettings({
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

test("production asks for more", () => {
  const real = { ...environment, NODE_ENV: "production", USERS_BUILT_IN: "true" };
  const said = examineSettings(real).findings.map(linesOf).join("\n");
  for (const word of [/PUBLIC_URL/, /USERS_BUILT_IN/, /HOST/]) assert.match(said, word);
  const weak = examineSettings({ ...real, TOKEN_KEYS: `k1:${"ab".repeat(32)}` });
  assert.equal(worst(weak.findings), "fault");
});

test("no finding tells a secret", () => {
  const secrets = ["hidden-word", environment.OPERATOR_KEY, environment.TOKEN_KEYS.slice(3)];
  const said = [
    ...examineSettings(environment).findings,
    ...examineSettings({ ...environment, DATABASE_URL: "postgres://hidden-word" }).findings,
    postgresAway(environment.DATABASE_URL, new Error("timeout")),
    redisAway(environment.REDIS_URL, new Error("timeout")),
  ].map(linesOf);
  for (const secret of secrets) for (const line of said) assert.ok(!line.includes(secret), line);
});
