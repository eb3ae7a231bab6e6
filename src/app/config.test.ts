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
  TICKET_KEYS: `1:9c41d2e7b05f86a3c7190e5d4b28f6a1309d7c5e8b4f2a6170e3d9c8b5a4f612`,
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

test("exactly five variables have no default", () => {
  const config = parseConfig(enough);
  assert.deepEqual(
    {
      ...config,
      tokenKeys: config.tokenKeys.map((key) => key.id),
      ticketKeys: config.ticketKeys.map((key) => key.id),
    },
    {
      environment: "development",
      host: "127.0.0.1",
      port: 3000,
      opsPort: null,
      publicUrl: null,
      databaseUrl: enough.DATABASE_URL,
      redisUrl: enough.REDIS_URL,
      dataDir: ".data",
      operatorKeys: [{ name: "operator", role: "admin", secret: enough.OPERATOR_KEY }],
      tokenKeys: ["k1"],
      ticketKeys: [1],
      currency: "KRW",
      logLevel: "info",
      usersBuiltIn: true,
      oidc: null,
      charges: "open",
      accessTokenDays: 30,
      challenge: { kind: "off" },
      pgConnections: 20,
      trustedProxies: [],
      rateLimitPerAddress: 0,
      newUsersPerAddress: 0,
      failedKeysPerAddress: 0,
      houseHoldSeconds: 300,
      drainSeconds: 20,
      drainDelaySeconds: 0,
      keepAliveSeconds: 72,
      fastLane: true,
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
    "TICKET_KEYS",
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
  [
    "DATABASE_URL",
    [
      "postgresql://a/b",
      "postgres://a:%23%25@b:1/c?sslmode=verify-full",
      "postgres:///c?host=/run",
    ],
    [
      "mysql://a/b",
      "postgres://a",
      "x",
      "postgres://a:0/b",
      "postgres://a:1#2@b/c",
      "postgres://a:100%@b/c",
      "postgres://a:%ff@b/c",
      "postgres://a/b?sslrootcert=/there/is/no/such/file",
    ],
  ],
  [
    "REDIS_URL",
    ["rediss://a:1", "redis://a/3", "redis://a/", "redis://b:%23%25@a", "memory", "memory:"],
    [
      "http://a",
      "Memory",
      "redis://a/abc",
      "redis://a/-1",
      "redis://a/1/2",
      "redis://a/1.5",
      "redis://a:0",
      "redis://",
      "redis:///1",
      "redis://:6379",
      "redis://a?db=3",
      "redis://a?password=x",
      "redis://a:1#2@b",
      "redis://:100%@a",
      "redis://:%ff@a",
    ],
  ],
  ["CURRENCY", ["EUR"], ["eur", "EURO"]],
  ["USERS_BUILT_IN", ["true"], ["yes", "1", "false"]],
  ["CHARGES", ["open", "operator"], ["stripe", "Open"]],
  ["CHALLENGE", ["off", "pow"], ["on", "POW", "hook"]],
  ["CHALLENGE_COST", ["1", "1000000"], ["0", "1000001"]],
  ["CHALLENGE_HOOK_URL", [], ["http://checks.example", "checks"]],
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
  ["FAST_LANE", ["true", "false"], ["maybe"]],
  ["DEMO_SEED", ["true", "false"], ["maybe"]],
  [
    "OPERATOR_KEYS",
    [
      `kim:admin:${"x".repeat(32)}`,
      `kim:sales:${"x".repeat(32)}, gate.1:door:${"y".repeat(256)},v_2:viewer:${"z".repeat(32)}`,
    ],
    [
      `kim:admin:${"x".repeat(31)}`,
      `kim:admin:${"x".repeat(257)}`,
      `kim:boss:${"x".repeat(32)}`,
      `kim:${"x".repeat(32)}`,
      `:admin:${"x".repeat(32)}`,
      `k m:admin:${"x".repeat(32)}`,
      `kim:admin:${"x".repeat(32)}!`,
      `kim:admin:${"x".repeat(32)},`,
      `kim:admin:${"x".repeat(32)},kim:sales:${"y".repeat(32)}`,
      `kim:admin:${"x".repeat(32)},lee:sales:${"x".repeat(32)}`,
    ],
  ],
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
  ["OIDC_JWKS_URL", [], ["https://a:b@issuer.example", "https://issuer.example/#keys"]],
  [
    "TOKEN_KEYS",
    [`a:${hex}`, `a:${hex}, b:${random}`, `a:${hex}ff`],
    [hex, `a:${hex.slice(2)}`, `a:${hex}f`, `a:${hex},a:${random}`, `a b:${hex}`, `a:${hex},`],
  ],
  [
    "TICKET_KEYS",
    [`0:${hex}`, `255:${hex}, 7:${random}`],
    [hex, `k1:${hex}`, `256:${hex}`, `1:${hex}ff`, `1:${hex},01:${random}`, `1:${hex},`],
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
    requiredClaims: [],
    client: null,
  });
  for (const name of Object.keys(whole)) {
    const faults = faultsOf({ ...enough, ...whole, [name]: "" });
    assert.deepEqual(faults, [`${name} must be set when another OIDC_ variable is`]);
  }
});

test("a challenge has its cost or its address, and no setting of another kind", () => {
  const challengeOf = (change: Environment) => parseConfig({ ...enough, ...change }).challenge;
  assert.deepEqual(challengeOf({ CHALLENGE: "pow" }), { kind: "pow", cost: 2_000 });
  assert.deepEqual(challengeOf({ CHALLENGE: "pow", CHALLENGE_COST: "500" }), {
    kind: "pow",
    cost: 500,
  });
  const url = "https://checks.example/entry";
  assert.deepEqual(challengeOf({ CHALLENGE: "hook", CHALLENGE_HOOK_URL: url }), {
    kind: "hook",
    url,
  });
  assert.deepEqual(faultsOf({ ...enough, CHALLENGE: "hook" }), [
    "CHALLENGE_HOOK_URL must be set for CHALLENGE=hook",
  ]);
  for (const CHALLENGE of ["", "off", "pow"])
    assert.deepEqual(faultsOf({ ...enough, CHALLENGE, CHALLENGE_HOOK_URL: url }), [
      "CHALLENGE_HOOK_URL must be empty unless CHALLENGE is hook",
    ]);
});

test("the pages sign in as a client of the identity provider, with its scopes", () => {
  const whole = {
    OIDC_ISSUER: "https://issuer.example",
    OIDC_AUDIENCE: "frontrow",
    OIDC_JWKS_URL: "https://issuer.example/keys",
  };
  const clientOf = (change: Environment) =>
    parseConfig({ ...enough, ...whole, ...change }).oidc?.client;
  assert.equal(clientOf({ OIDC_SCOPE: "openid email" }), null);
  assert.deepEqual(clientOf({ OIDC_CLIENT_ID: "fans" }), { clientId: "fans", scope: "openid" });
  const scope = "openid profile offline_access";
  assert.deepEqual(clientOf({ OIDC_CLIENT_ID: "fans", OIDC_SCOPE: scope }), {
    clientId: "fans",
    scope,
  });
  for (const OIDC_SCOPE of ["profile", "openid  email", " openid", 'openid "a"', "openidx"])
    assert.match(faultsOf({ ...enough, OIDC_SCOPE })[0] ?? "", /^OIDC_SCOPE must be scopes/);
  assert.match(faultsOf({ ...enough, OIDC_CLIENT_ID: "fans" })[0] ?? "", /^OIDC_ISSUER must/);
});

test("required claims are read by name and value, and need an identity provider", () => {
  const whole = {
    OIDC_ISSUER: "https://issuer.example",
    OIDC_AUDIENCE: "frontrow",
    OIDC_JWKS_URL: "https://issuer.example/keys",
  };
  const claimsOf = (OIDC_REQUIRED_CLAIMS: string) =>
    parseConfig({ ...enough, ...whole, OIDC_REQUIRED_CLAIMS }).oidc?.requiredClaims;
  assert.deepEqual(claimsOf("phone_number_verified=true, https://a.example/role=a=b "), [
    { name: "phone_number_verified", value: "true" },
    { name: "https://a.example/role", value: "a=b" },
  ]);
  for (const OIDC_REQUIRED_CLAIMS of ["phone_number_verified", "=true", "a=", "a=b,", "a b=c"])
    assert.match(
      faultsOf({ ...enough, ...whole, OIDC_REQUIRED_CLAIMS })[0] ?? "",
      /^OIDC_REQUIRED_CLAIMS must be claim=value/,
      OIDC_REQUIRED_CLAIMS,
    );
  assert.match(faultsOf({ ...enough, OIDC_REQUIRED_CLAIMS: "a=b" })[0] ?? "", /^OIDC_ISSUER must/);
});

/** Ranges that are narrow one by one and have every IPv4 address together. */
const eighths = [0, 32, 64, 96, 128, 160, 192, 224].map((first) => `${first}.0.0.0/3`);

const production = { ...enough, NODE_ENV: "production", USERS_BUILT_IN: "true" };

test("production refuses demo secrets and the demo sale with advice", () => {
  assert.deepEqual(faultsOf(production), []);
  const cases: readonly (readonly [Environment, RegExp])[] = [
    [
      { OPERATOR_KEY: demoOperatorKey },
      /^OPERATOR_KEY or OPERATOR_KEYS is a demo secret .*: set your own/,
    ],
    [
      { OPERATOR_KEY: "change-me-change-me-change-me" },
      /^OPERATOR_KEY or OPERATOR_KEYS is a demo secret/,
    ],
    [{ OPERATOR_KEY: undefined }, /^OPERATOR_KEY is not set/],
    [{ OPERATOR_KEY: "ab12".repeat(8) }, /^OPERATOR_KEY .* too few different characters/],
    [
      { OPERATOR_KEY: random },
      /^OPERATOR_KEY, OPERATOR_KEYS, TOKEN_KEYS, TICKET_KEYS and the passwords .* used twice/,
    ],
    [{ OPERATOR_KEY: `${enough.OPERATOR_KEY},${random.toUpperCase()}` }, /used twice/],
    [{ DATABASE_URL: `postgres://a:${random}@127.0.0.1/d` }, /used twice/],
    [{ TOKEN_KEYS: `demo:${random}` }, /^TOKEN_KEYS holds a demo secret: set your own/],
    [{ TOKEN_KEYS: `k1:${random},k2:${"00".repeat(32)}` }, /^TOKEN_KEYS holds a demo secret/],
    [{ TOKEN_KEYS: "" }, /^TOKEN_KEYS is not set/],
    [{ TICKET_KEYS: `0:${hex}` }, /^TICKET_KEYS holds a demo key/],
    [{ TICKET_KEYS: `1:${"00".repeat(32)}` }, /^TICKET_KEYS holds a demo key/],
    [{ TICKET_KEYS: `1:${random}` }, /used twice/],
    [{ TICKET_KEYS: "" }, /^TICKET_KEYS is not set/],
    [{ DEMO_SEED: "true" }, /^DEMO_SEED must be false/],
    [{ USERS_BUILT_IN: "" }, /^USERS_BUILT_IN is not set: choose/],
    [{ TRUST_PROXY: "0.0.0.0/0" }, /^TRUST_PROXY must name the proxies only/],
    [{ TRUST_PROXY: "10.0.0.1, ::/0" }, /^TRUST_PROXY must name the proxies only/],
    [{ TRUST_PROXY: "0.0.0.0/1, 128.0.0.0/1" }, /^TRUST_PROXY must name the proxies only/],
    [{ TRUST_PROXY: "::ffff:0:0/96" }, /^TRUST_PROXY must name the proxies only/],
    [{ TRUST_PROXY: "::ffff:0.0.0.0/97" }, /^TRUST_PROXY must name the proxies only/],
    [{ TRUST_PROXY: "::/3" }, /^TRUST_PROXY must name the proxies only/],
    [{ TRUST_PROXY: "2000::/5" }, /^TRUST_PROXY must name the proxies only/],
    [{ TRUST_PROXY: eighths.join() }, /^TRUST_PROXY must name the proxies only/],
    [{ REDIS_URL: "redis://127.0.0.1.internal" }, /^REDIS_URL names another host without/],
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
    { REDIS_URL: "redis://:hush2@cache.internal:6379" },
    { REDIS_URL: "redis://[::1]:6379" },
    { DATABASE_URL: "postgres://a@127.0.0.1/d" },
    { DATABASE_URL: "postgres:///d?host=/run/postgresql&user=a" },
    { DATABASE_URL: "postgres://a@%2ftmp/d" },
    { DATABASE_URL: "postgres://a@%2Frun%2Fpostgresql/d" },
    { REDIS_URL: "redis://127.1" },
    { REDIS_URL: "redis://[::ffff:127.0.0.1]" },
    { DATABASE_URL: "postgres://a:hush2@db.internal/d" },
    { TRUST_PROXY: "10.0.0.0/8" },
    { TRUST_PROXY: "10.0.0.0/8, 10.0.0.0/8, 10.1.0.0/16, 172.16.0.0/12, 192.168.0.0/16" },
    { TRUST_PROXY: "fc00::/7, ::ffff:10.0.0.0/104, 2001:db8::/32, ::1" },
  ])
    assert.deepEqual(faultsOf({ ...production, ...change }), [], JSON.stringify(change));
});

test("development accepts the demo key on a loopback address only", () => {
  const demo = { ...enough, OPERATOR_KEY: demoOperatorKey };
  for (const HOST of ["127.0.0.1", "localhost", "::1"])
    assert.equal(parseConfig({ ...demo, HOST }).operatorKeys[0]?.secret, demoOperatorKey);
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

test("each malformed part of an address is refused in one sentence with its repair", () => {
  const cases: readonly (readonly [Environment, RegExp])[] = [
    [{ REDIS_URL: "redis://a/abc" }, /^REDIS_URL must be .* with \/number of the database/],
    [{ REDIS_URL: "redis://a:1#2@b" }, /^REDIS_URL must write # as %23/],
    [{ DATABASE_URL: "postgres://a:100%@b/c" }, /^DATABASE_URL must write % as %25/],
    [{ DATABASE_URL: "postgres://a/b?sslcert=/none" }, /^DATABASE_URL must .* files/],
    [{ OIDC_JWKS_URL: "https://a:b@c.example" }, /^OIDC_JWKS_URL must have no user/],
  ];
  for (const [change, message] of cases) {
    const [first, ...more] = faultsOf({ ...enough, ...change }).filter((fault) =>
      message.test(fault),
    );
    assert.match(first ?? "", message);
    assert.deepEqual(more, []);
  }
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

test("OPS_PORT is a port of its own, or unset", () => {
  assert.equal(parseConfig({ ...enough, OPS_PORT: "3001" }).opsPort, 3001);
  assert.equal(parseConfig({ ...enough, PORT: "0", OPS_PORT: "0" }).opsPort, 0);
  assert.match(
    faultsOf({ ...enough, OPS_PORT: "3000" }).join("\n"),
    /OPS_PORT must differ from PORT/,
  );
  assert.match(faultsOf({ ...enough, OPS_PORT: "x" }).join("\n"), /OPS_PORT/);
});
