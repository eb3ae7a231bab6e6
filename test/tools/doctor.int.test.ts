import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { createClient } from "redis";
import { startPostgres } from "../../scripts/stores/postgres.ts";
import { createLog } from "#platform/log.ts";
import { migrate } from "#platform/postgres/migrate.ts";
import { startIdentityProvider } from "#test/support/identity-provider.ts";
import { freshPgbouncer } from "#test/support/pgbouncer.ts";
import { freshRedis } from "#test/support/redis.ts";

// The doctor as an operator runs it, on stores that are well, and with faults planted one by one.

const program = fileURLToPath(new URL("../../tools/doctor.ts", import.meta.url));
const folder = join(process.env["TEST_FOLDER"] ?? "", `doctor-${process.pid}`);
const postgres = await startPostgres({ folder });
const redis = await freshRedis({ appendonly: true });
after(async () => {
  await redis[Symbol.asyncDispose]();
  await postgres.stop();
});
await migrate(postgres.url("postgres"), createLog({ level: "silent" }));

const secret = randomBytes(24).toString("hex");
const environment = {
  NODE_ENV: "production",
  USERS_BUILT_IN: "true",
  HOST: "0.0.0.0",
  PORT: "0",
  PUBLIC_URL: "https://tickets.example",
  DATABASE_URL: postgres.url("postgres"),
  REDIS_URL: redis.url,
  OPERATOR_KEY: secret,
  TOKEN_KEYS: `k1:${randomBytes(32).toString("hex")}`,
  TICKET_KEYS: `1:${randomBytes(32).toString("hex")}`,
};

const consult = async (
  more: Readonly<Record<string, string>> = {},
  words: readonly string[] = [],
): Promise<{ code: number | null; said: string }> => {
  const child = spawn(process.execPath, [program, ...words], {
    env: { PATH: process.env["PATH"] ?? "", ...environment, ...more },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (piece: Buffer) => (said += piece.toString("utf8")));
  const code = await new Promise<number | null>((resolve) => child.on("exit", resolve));
  assert.ok(!said.includes(secret), "a secret is told");
  assert.ok(!said.includes(new URL(environment.DATABASE_URL).password), "a password is told");
  return { code, said };
};

const alter = async (...statements: readonly string[]): Promise<void> => {
  const client = new pg.Client({ connectionString: environment.DATABASE_URL });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.query("select pg_reload_conf()");
  await client.end();
};

const configure = async (...words: readonly string[]): Promise<void> => {
  const client = createClient({ url: redis.url });
  await client.connect();
  await client.sendCommand(["CONFIG", "SET", ...words]);
  client.destroy();
};

test("doctor finds no fault in healthy stores and settings, and exits with 0", async () => {
  const { code, said } = await consult();
  assert.equal(code, 0, said);
  assert.match(said, /✔ PostgreSQL 18/);
  assert.match(said, /✔ the schema is up to date/);
  assert.match(said, /✔ Redis 7|✔ Redis [89]|✔ Valkey/);
  assert.match(said, /✔ the clock of PostgreSQL/);
  assert.match(said, /, 0 faults\n$/);
});

const plants: [
  fault: string,
  plant: () => Promise<void>,
  fix: () => Promise<void>,
  says: RegExp,
  code: number,
][] = [
  [
    "fsync off",
    () => alter("alter system set fsync = off"),
    () => alter("alter system reset fsync"),
    /✖ fsync is off\n +Set fsync to on/,
    1,
  ],
  [
    "synchronous_commit off",
    () => alter("alter database postgres set synchronous_commit = off"),
    () => alter("alter database postgres reset synchronous_commit"),
    /✖ synchronous_commit is off/,
    1,
  ],
  [
    "an edited migration",
    () => alter("update schema_migration set checksum = 'x' || checksum"),
    () => alter("update schema_migration set checksum = substr(checksum, 2)"),
    /✖ migration 0001_house\.sql was edited/,
    1,
  ],
  [
    "a Redis that drops keys",
    () => configure("maxmemory-policy", "allkeys-lru"),
    () => configure("maxmemory-policy", "noeviction"),
    /✖ its maxmemory-policy allkeys-lru deletes places.*\n +Set maxmemory-policy to noeviction/,
    1,
  ],
  [
    "a Redis that drops locks",
    () => configure("maxmemory-policy", "volatile-lru"),
    () => configure("maxmemory-policy", "noeviction"),
    /! its maxmemory-policy volatile-lru deletes seat locks/,
    0,
  ],
  [
    "a Redis that forgets",
    () => configure("appendonly", "no"),
    () => configure("appendonly", "yes"),
    /! appendonly no/,
    0,
  ],
];
for (const [fault, plant, fix, says, code] of plants) {
  test(`doctor finds ${fault}, and exits with ${code}`, async () => {
    await plant();
    const found = await consult();
    await fix();
    assert.match(found.said, says);
    assert.equal(found.code, code, found.said);
  });
}

test("doctor finds each store that cannot be reached", async () => {
  const { code, said } = await consult({
    DATABASE_URL: "postgres://a:b@127.0.0.1:9/x",
    REDIS_URL: "redis://127.0.0.1:9",
  });
  assert.equal(code, 1);
  assert.match(
    said,
    /✖ PostgreSQL at 127\.0\.0\.1:9\/x cannot be reached: no server listens there/,
  );
  assert.match(said, /✖ Redis at 127\.0\.0\.1:9 cannot be reached: no server listens there/);
  assert.doesNotMatch(said, /\n\s+at /);
});

test("doctor finds a Redis that is a replica, and one in cluster mode", async () => {
  await using replica = await freshRedis({
    words: ["--replicaof", "127.0.0.1", String(redis.port)],
  });
  const second = await consult({ REDIS_URL: replica.url });
  assert.equal(second.code, 1, second.said);
  assert.match(second.said, /✖ it is a replica\n +Set REDIS_URL to the primary\./);
  await using node = await freshRedis({ words: ["--cluster-enabled", "yes"] });
  const cluster = await consult({ REDIS_URL: node.url });
  assert.equal(cluster.code, 1, cluster.said);
  assert.match(cluster.said, /✖ it is in cluster mode\n +Use a Redis with one primary/);
});

test("doctor finds a pooler in front, and refuses one in statement mode", async () => {
  await using transactions = await freshPgbouncer(environment.DATABASE_URL, "transaction");
  const found = await consult({ DATABASE_URL: transactions.url });
  assert.equal(found.code, 0, found.said);
  assert.match(found.said, /! a pooler stands in front/);
  await using statements = await freshPgbouncer(environment.DATABASE_URL, "statement");
  const refused = await consult({ DATABASE_URL: statements.url });
  assert.equal(refused.code, 1);
  assert.match(refused.said, /✖ .*a pooler in statement mode.*\n +Set the pooler's pool_mode/);
});

test("doctor counts connections for --instances", async () => {
  assert.equal((await consult({}, ["--instances", "3"])).code, 0);
  const many = await consult({}, ["--instances", "9"]);
  assert.equal(many.code, 1);
  assert.match(many.said, /✖ 9 × PG_CONNECTIONS 20 = 180 of 100 connections/);
});

test("doctor finds a setting that is refused and a port that another program uses", async (t) => {
  const short = await consult({ OPERATOR_KEY: "short" });
  assert.equal(short.code, 1);
  assert.match(short.said, /✖ settings: OPERATOR_KEY must be/);
  const stranger = createServer((_request, response) => response.end("{}"));
  t.after(() => stranger.close());
  await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
  const { port } = stranger.address() as AddressInfo;
  for (const name of ["PORT", "OPS_PORT"]) {
    const taken = await consult({ [name]: String(port) });
    assert.equal(taken.code, 1);
    const found = `✖ another program listens at http://127\\.0\\.0\\.1:${port}`;
    assert.match(taken.said, new RegExp(`${found}\\n +Stop it, or set ${name} to another port`));
  }
});

test("doctor finds an identity provider without keys", async () => {
  const provider = createServer((_request, response) => response.end('{"keys":[]}'));
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  const { port } = provider.address() as AddressInfo;
  const { code, said } = await consult({
    OIDC_ISSUER: `http://127.0.0.1:${port}`,
    OIDC_AUDIENCE: "frontrow",
    OIDC_JWKS_URL: `http://127.0.0.1:${port}/keys`,
  });
  provider.close();
  assert.equal(code, 1);
  assert.match(said, /✖ the identity provider publishes no keys/);
});

test("doctor judges whether the fan's pages can sign in at the identity provider", async (t) => {
  const provider = await startIdentityProvider({ kim: { isVerified: true } });
  t.after(provider.close);
  const right = await consult(provider.env);
  assert.match(right.said, /✔ the fan's pages can sign in at the identity provider/);
  const described: Record<string, unknown> = {};
  const other = createServer((_request, response) => response.end(JSON.stringify(described)));
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  t.after(() => other.close());
  const issuer = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const token = `${issuer}/token`;
  const cases: readonly [Record<string, unknown>, RegExp][] = [
    [{ issuer: `${issuer}/`, token_endpoint: token }, /✖ the identity provider names another/],
    [
      { issuer, token_endpoint: token, code_challenge_methods_supported: ["plain"] },
      /✖ the identity provider has no PKCE with S256/,
    ],
    [
      { issuer, token_endpoint: "https://other.example/token" },
      /✖ the fan's pages may not ask the provider's token endpoint/,
    ],
    [{ issuer, token_endpoint: token }, /✔ the fan's pages can sign in/],
  ];
  for (const [description, expected] of cases) {
    for (const name of Object.keys(described)) delete described[name];
    Object.assign(described, description);
    const { said } = await consult({ ...provider.env, OIDC_ISSUER: issuer });
    assert.match(said, expected);
  }
  const nowhere = await consult({ ...provider.env, OIDC_ISSUER: "http://127.0.0.1:1" });
  assert.match(nowhere.said, /✖ the identity provider's openid-configuration cannot be read/);
});
