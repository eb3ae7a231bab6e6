import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ConfigError, parseConfig, type Config } from "./config.ts";
import type { Environment } from "./config/readers.ts";
import { demoOperatorKey } from "./config/secrets.ts";

const hex = "00112233445566778899aabbccddeeff".repeat(2);
const random = "8d3e1f0a5b7c92640e8f6a1b2c3d4e5f60718293a4b5c6d7e8f9012345678abc";

const enough = {
  DATABASE_URL: "postgres://frontrow:hush@127.0.0.1:5432/frontrow",
  REDIS_URL: "redis://127.0.0.1:6379",
  OPERATOR_KEY: "5f0e6c3d2b1a49887766554433221100",
  TOKEN_KEYS: `k1:${random}`,
};

const faultsOf = (environment: Environment): readonly string[] => {
  try {
    parseConfig(environment);
    return [];
  } catch (error) {
    assert(error instanceof ConfigError);
    return error.faults;
  }
};

test("exactly four variables have no default", () => {
  const config = parseConfig(enough);
  assert.deepEqual(
    { ...config, tokenKeys: config.tokenKeys.map((key) => key.id) },
    {
      environment: "development",
      host: "127.0.0.1",
      port: 3000,
      publicUrl: null,
      databaseUrl: enough.DATABASE_URL,
      redisUrl: enough.REDIS_URL,
      dataDir: ".data",
      operatorKeys: [enough.OPERATOR_KEY],
      tokenKeys: ["k1"],
      currency: "KRW",
      logLevel: "info",
      usersBuiltIn: true,
      oidc: null,
      charges: "open",
      accessTokenDays: 30,
      pgConnections: 20,
      trustedProxies: [],
      rateLimitPerAddress: 0,
      newUsersPerAddress: 0,
      failedKeysPerAddress: 0,
      drainSeconds: 20,
      drainDelaySeconds: 0,
      keepAliveSeconds: 72,
      demoSeed: false,
    },
  );
});

test("the configuration is frozen", () => {
  const config = parseConfig(enough);
  assert(Object.isFrozen(config) && Object.isFrozen(config.tokenKeys));
});

test("the error lists every fault with the name of its variable", () => {
  const faults = faultsOf({
    PORT: "70000",
    CURRENCY: "won",
    LOG_LEVEL: "loud",
    DRAIN_SECONDS: "-1",
  });
  const named = faults.map((fault) => fault.split(" ")[0]);
  assert.deepEqual(named.sort(), [
    "CURRENCY",
    "DATABASE_URL",
    "DRAIN_SECONDS",
    "LOG_LEVEL",
    "OPERATOR_KEY",
    "PORT",
    "REDIS_URL",
    "TOKEN_KEYS",
  ]);
});

test("an empty variable counts as unset", () => {
  assert.equal(parseConfig({ ...enough, PORT: "", OIDC_ISSUER: "" }).port, 3000);
  assert.match(faultsOf({ ...enough, OPERATOR_KEY: "" })[0] ?? "", /^OPERATOR_KEY is not set/);
});

// variable | accepted | refused
const bounds: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["PORT", ["0", "65535"], ["65536", "-1", "3e3", "80 ", "0x50"]],
  ["HOST", ["0.0.0.0", "::", "localhost"], ["a b", "http://a"]],
  ["PUBLIC_URL", ["https://tickets.example", "http://localhost:3000/"], ["tickets", "https://a/b"]],
  ["DATABASE_URL", ["postgresql://a/b"], ["mysql://a/b", "postgres://a", "x"]],
  [
    "REDIS_URL",
    ["rediss://a:1", "redis://a/3", "memory", "memory:"],
    ["http://a", "Memory", "redis://a/abc", "redis://a/1/2"],
  ],
  ["CURRENCY", ["EUR"], ["eur", "EURO"]],
  ["USERS_BUILT_IN", ["true"], ["yes", "1", "false"]],
  ["CHARGES", ["open", "operator"], ["stripe", "Open"]],
  ["ACCESS_TOKEN_DAYS", ["1", "365"], ["0", "366"]],
  ["PG_CONNECTIONS", ["2", "200"], ["1", "201"]],
  ["TRUST_PROXY", ["127.0.0.1", "10.0.0.0/8, ::1"], ["1", "10.0.0.0/33", "10.0.0.0/8/8", "proxy"]],
  ["RATE_LIMIT_PER_ADDRESS", ["0", "100000"], ["100001", "0.5"]],
  ["NEW_USERS_PER_ADDRESS", ["0", "100000"], ["100001", "0.5"]],
  ["FAILED_KEYS_PER_ADDRESS", ["0", "100000"], ["100001", "0.5"]],
  ["DRAIN_SECONDS", ["0", "300"], ["301"]],
  ["DRAIN_DELAY_SECONDS", ["0", "300"], ["301", "-1"]],
  ["KEEP_ALIVE_SECONDS", ["1", "3600"], ["0", "3601"]],
  ["NODE_ENV", ["development", "test"], ["prod"]],
  ["LOG_LEVEL", ["debug", "silent"], ["trace"]],
  ["DEMO_SEED", ["true", "false"], ["maybe"]],
  [
    "OPERATOR_KEY",
    [
      "x".repeat(24),
      `${"x".repeat(24)},${"y".repeat(24)}`,
      `${"x".repeat(24)}, ${"y".repeat(256)}`,
    ],
    [
      "x".repeat(23),
      "x".repeat(257),
      `${"x".repeat(30)} y`,
      // Each part is a key of its own: a strong list may not hide a weak one.
      `ab,${"Zk39".repeat(12)}`,
      `${"x".repeat(24)},`,
      ",".repeat(24),
      `${"x".repeat(24)},${"x".repeat(24)}`,
    ],
  ],
  ["OIDC_ISSUER", [], ["https://issuer.example", "http://issuer.example"]],
  [
    "TOKEN_KEYS",
    [`a:${hex}`, `a:${hex}, b:${random}`, `a:${hex}ff`],
    [hex, `a:${hex.slice(2)}`, `a:${hex}f`, `a:${hex},a:${random}`, `a b:${hex}`, `a:${hex},`],
  ],
];

for (const [name, accepted, refused] of bounds) {
  test(`${name} is accepted within its range and refused outside of it`, () => {
    for (const value of accepted)
      assert.deepEqual(faultsOf({ ...enough, [name]: value }), [], value);
    for (const value of refused) {
      assert(faultsOf({ ...enough, [name]: value }).length > 0, `${name}=${value}`);
    }
  });
}

test("the address `memory` keeps the queue in this process", () => {
  assert.equal(parseConfig({ ...enough, REDIS_URL: "memory" }).redisUrl, null);
});

test("token keys keep their order", () => {
  const config = parseConfig({ ...enough, TOKEN_KEYS: `new:${random},old:${hex}` });
  assert.deepEqual(
    config.tokenKeys.map((key) => key.id),
    ["new", "old"],
  );
  assert.equal(Buffer.from(config.tokenKeys[1]?.secret ?? []).toString("hex"), hex);
});

test("an identity provider needs all of its three variables", () => {
  const whole = {
    OIDC_ISSUER: "https://issuer.example",
    OIDC_AUDIENCE: "frontrow",
    OIDC_JWKS_URL: "https://issuer.example/keys",
  };
  assert.deepEqual(parseConfig({ ...enough, ...whole, USERS_BUILT_IN: "false" }).oidc, {
    issuer: "https://issuer.example",
    audience: "frontrow",
    jwksUrl: "https://issuer.example/keys",
  });
  for (const name of Object.keys(whole)) {
    const faults = faultsOf({ ...enough, ...whole, [name]: "" });
    assert.deepEqual(faults, [`${name} must be set when another OIDC_ variable is`]);
  }
});

const production = { ...enough, NODE_ENV: "production", USERS_BUILT_IN: "true" };

test("production refuses demo secrets and the demo sale with advice", () => {
  assert.deepEqual(faultsOf(production), []);
  const cases: readonly (readonly [Environment, RegExp])[] = [
    [{ OPERATOR_KEY: demoOperatorKey }, /^OPERATOR_KEY is a demo secret .*: set your own/],
    [{ OPERATOR_KEY: "change-me-change-me-change-me" }, /^OPERATOR_KEY is a demo secret/],
    [{ OPERATOR_KEY: undefined }, /^OPERATOR_KEY is not set/],
    [{ OPERATOR_KEY: "ab12".repeat(8) }, /^OPERATOR_KEY .* too few different characters/],
    [{ OPERATOR_KEY: random }, /^OPERATOR_KEY, TOKEN_KEYS and the passwords .* used twice/],
    [{ OPERATOR_KEY: `${enough.OPERATOR_KEY},${random.toUpperCase()}` }, /used twice/],
    [{ DATABASE_URL: `postgres://a:${random}@127.0.0.1/d` }, /used twice/],
    [{ TOKEN_KEYS: `demo:${random}` }, /^TOKEN_KEYS holds a demo secret: set your own/],
    [{ TOKEN_KEYS: `k1:${random},k2:${"00".repeat(32)}` }, /^TOKEN_KEYS holds a demo secret/],
    [{ TOKEN_KEYS: "" }, /^TOKEN_KEYS is not set/],
    [{ DEMO_SEED: "true" }, /^DEMO_SEED must be false/],
    [{ USERS_BUILT_IN: "" }, /^USERS_BUILT_IN is not set: choose/],
    [{ TRUST_PROXY: "0.0.0.0/0" }, /^TRUST_PROXY must name the proxies only/],
    [{ TRUST_PROXY: "10.0.0.1, ::/0" }, /^TRUST_PROXY must name the proxies only/],
    [{ TRUST_PROXY: "0.0.0.0/1, 128.0.0.0/1" }, /^TRUST_PROXY must name the proxies only/],
    [{ REDIS_URL: "redis://cache.internal:6379" }, /^REDIS_URL names another host without/],
    [{ DATABASE_URL: "postgres://a@db.internal/d" }, /^DATABASE_URL names another host without/],
    [{ DATABASE_URL: "postgres:///d?host=db.internal&user=a" }, /^DATABASE_URL names another/],
  ];
  for (const [change, message] of cases) {
    const faults = faultsOf({ ...production, ...change });
    assert.equal(faults.length, 1, faults.join("\n"));
    assert.match(faults[0] ?? "", message);
  }
});

test("production accepts stores without a password on this machine only", () => {
  for (const change of [
    { REDIS_URL: "redis://cache.internal:6379?password=x" },
    { REDIS_URL: "redis://:hush2@cache.internal:6379" },
    { REDIS_URL: "redis://[::1]:6379" },
    { DATABASE_URL: "postgres://a@127.0.0.1/d" },
    { DATABASE_URL: "postgres:///d?host=/run/postgresql&user=a" },
    { DATABASE_URL: "postgres://a:hush2@db.internal/d" },
    { TRUST_PROXY: "10.0.0.0/8" },
  ])
    assert.deepEqual(faultsOf({ ...production, ...change }), [], JSON.stringify(change));
});

test("development accepts the demo key on a loopback address only", () => {
  const demo = { ...enough, OPERATOR_KEY: demoOperatorKey };
  for (const HOST of ["127.0.0.1", "localhost", "::1"])
    assert.deepEqual(parseConfig({ ...demo, HOST }).operatorKeys, [demoOperatorKey]);
  for (const HOST of ["0.0.0.0", "::", "10.1.2.3"])
    assert.match(faultsOf({ ...demo, HOST })[0] ?? "", /^OPERATOR_KEY is the published demo key/);
});

test("in production only the desk adds to a balance, unless it is set by name", () => {
  assert.equal(parseConfig(enough).charges, "open");
  assert.equal(parseConfig(production).charges, "operator");
  assert.equal(parseConfig({ ...production, CHARGES: "open" }).charges, "open");
});

test("in production new accounts and failed keys have a limit by address, unless it is set to 0", () => {
  const limitsOf = ({ newUsersPerAddress, failedKeysPerAddress }: Config) => [
    newUsersPerAddress,
    failedKeysPerAddress,
  ];
  assert.deepEqual(limitsOf(parseConfig(production)), [60, 10]);
  const off = { NEW_USERS_PER_ADDRESS: "0", FAILED_KEYS_PER_ADDRESS: "0" };
  assert.deepEqual(limitsOf(parseConfig({ ...production, ...off })), [0, 0]);
});

test("built-in accounts are on by default only without an identity provider", () => {
  const provider = {
    OIDC_ISSUER: "https://issuer.example",
    OIDC_AUDIENCE: "frontrow",
    OIDC_JWKS_URL: "https://issuer.example/keys",
  };
  assert.equal(parseConfig(enough).usersBuiltIn, true);
  assert.equal(parseConfig({ ...enough, ...provider }).usersBuiltIn, false);
  assert.equal(parseConfig({ ...enough, ...provider, USERS_BUILT_IN: "true" }).usersBuiltIn, true);
});

test("no message repeats a value, because it may be a secret", () => {
  const secret = "hush-hush";
  const names = Object.keys(readExample());
  const environment = Object.fromEntries(names.map((name) => [name, `${secret} ${secret}`]));
  try {
    parseConfig(environment);
    assert.fail("nothing was wrong");
  } catch (error) {
    assert(error instanceof ConfigError);
    assert.doesNotMatch(`${error.stack}${JSON.stringify(error.faults)}`, /hush/);
  }
});

const readExample = (): Record<string, string> => {
  const file = readFileSync(new URL("../../.env.example", import.meta.url), "utf8");
  return Object.fromEntries(
    file.split("\n").flatMap((row) => {
      const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(row) ?? [];
      return name === undefined ? [] : [[name, value ?? ""]];
    }),
  );
};

/** The names that the parser asks for, in whatever order. */
const namesRead = (): string[] => {
  const asked = new Set<string>();
  const spy = new Proxy(enough as Record<string, string>, {
    get: (target, name) => {
      asked.add(String(name));
      return target[String(name)];
    },
  });
  parseConfig(spy);
  return [...asked].sort();
};

test(".env.example has exactly the variables that are read", () => {
  assert.deepEqual(Object.keys(readExample()).sort(), namesRead());
});

test("the values in .env.example are the defaults", () => {
  assert.deepEqual(parseConfig({ ...readExample(), ...enough }), parseConfig(enough));
});
